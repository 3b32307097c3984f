-- grain      : one role whose accounts have to have a second factor
-- reads      : portal.required_factor
-- replaces   : nothing
-- parameters : none
select role from portal.required_factor order by role

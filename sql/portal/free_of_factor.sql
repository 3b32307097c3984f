-- grain      : one role
-- reads      : nothing
-- replaces   : takes it away from portal.required_factor
-- parameters : role
delete from portal.required_factor where role = %(role)s

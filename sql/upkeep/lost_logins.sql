-- grain      : one login that holds territories and is not on the server
-- reads      : access.holding
-- replaces   : nothing
-- parameters : none
select distinct h.login
  from access.holding h
 where not exists (select from pg_roles r where r.rolname = h.login)
 order by 1

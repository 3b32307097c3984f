-- grain      : one role of the server
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : names
select rolname::text as name, rolsuper as superuser
  from pg_roles
 where rolname = any(%(names)s)

-- grain      : one role that rights or ownership in this database rest on, or a member of one
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : none
with recursive here as (
    select oid, datacl from pg_database where datname = current_database()
), named as (
    select d.refobjid as oid
      from pg_shdepend d, here
     where d.refclassid = 'pg_authid'::regclass
       and (d.dbid = here.oid or d.classid = 'pg_database'::regclass and d.objid = here.oid)
     union
    select m.member
      from named join pg_auth_members m on m.roleid = named.oid
)
select r.rolname::text as name, r.rolcanlogin as login, r.rolinherit as inherit,
       r.rolbypassrls as bypassrls,
       exists (select 1 from here, aclexplode(here.datacl) a
                where a.grantee = r.oid and a.privilege_type = 'CONNECT') as connects,
       array(select g.rolname::text
               from pg_auth_members m
               join named n on n.oid = m.roleid
               join pg_roles g on g.oid = m.roleid
              where m.member = r.oid
              order by 1) as member_of
  from named
  join pg_roles r using (oid)
 where r.rolname !~ '^pg_' and not r.rolsuper
 order by 1

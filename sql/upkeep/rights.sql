-- grain      : one right that is wider than it has to be, or one protection that is missing
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : schemas
--
-- Derived from the catalogue, so that a table, view or partition that comes later cannot be forgotten.
with ours as (
    select c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relispartition, c.reloptions,
           format('%%s.%%s', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any (%(schemas)s) and c.relkind in ('r', 'p', 'v', 'm', 'S')
)
select 'unprotected' as problem, o.name
  from ours o
 where o.relkind in ('r', 'p') and not o.relispartition and not o.relrowsecurity
   and (o.nspname in ('intake', 'department', 'national', 'query', 'access')
        or exists (select from pg_attribute a
                    where a.attrelid = o.oid and a.attname = 'territory' and not a.attisdropped))
union all
select 'owner''s view', o.name
  from ours o
 where o.relkind = 'v' and not coalesce('security_invoker=true' = any (o.reloptions), false)
union all
select 'granted partition', o.name
  from ours o
 where o.relispartition
   and (exists (select from aclexplode(o.relacl) a where a.grantee <> o.relowner)
        or exists (select from pg_attribute t cross join aclexplode(t.attacl) a where t.attrelid = o.oid))
union all
select 'open', o.name
  from ours o
 where o.nspname not in ('intake', 'department', 'national', 'query')
   and exists (select from aclexplode(o.relacl) a where a.grantee = 0)
union all
select 'open', format('%%s.%%s.%%s', o.nspname, o.relname, t.attname)
  from ours o
  join pg_attribute t on t.attrelid = o.oid
 where exists (select from aclexplode(t.attacl) a where a.grantee = 0)
union all
select 'open', n.nspname
  from pg_namespace n
 where n.nspname = any (%(schemas)s || array['public'])
   and exists (select from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a where a.grantee = 0)
union all
select 'open', p.oid::regprocedure::text
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where n.nspname = any (%(schemas)s)
   and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
   and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
union all
select 'open database', d.datname
  from pg_database d
 where d.datname = current_database()
   and exists (select from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a where a.grantee = 0)
union all
select 'closed database', current_database()
 where not has_database_privilege('senacs_etl', current_database(), 'temporary')
union all
select 'search path', p.oid::regprocedure::text
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where n.nspname = any (%(schemas)s) and p.prosecdef
   and not exists (select from unnest(p.proconfig) c where c like 'search_path=%%')
union all
select 'mighty role', r.rolname
  from pg_roles r
 where r.rolname in ('senacs_etl', 'senacs_correspondent', 'senacs_national_analyst', 'senacs_public', 'senacs_gate', 'senacs_portal')
   and (r.rolcanlogin or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or r.rolbypassrls <> (r.rolname = 'senacs_etl'))
union all
select 'mighty login', u.rolname
  from pg_roles u
 where u.oid <> (select n.nspowner from pg_namespace n where n.nspname = 'access')
   and u.rolname not in ('senacs_etl', 'senacs_correspondent', 'senacs_national_analyst', 'senacs_public')
   and exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
                where m.member = u.oid
                  and g.rolname in ('senacs_correspondent', 'senacs_national_analyst', 'senacs_public'))
   and (u.rolsuper or u.rolbypassrls or u.rolcreaterole or u.rolreplication
        or exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
                    where m.member = u.oid
                      and g.rolname not in ('senacs_correspondent', 'senacs_national_analyst', 'senacs_public')))
 order by 1, 2

-- grain      : one table, view or materialised view
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : schemas
select n.nspname as schema, n.nspname || '.' || c.relname as name, c.relkind::text as kind,
       pg_get_userbyid(c.relowner)::text as owner,
       has_schema_privilege(n.oid, 'USAGE') as reachable,
       has_table_privilege(c.oid, 'SELECT')
           and (c.relkind in ('v', 'm') or has_table_privilege(c.oid, 'INSERT')) as usable,
       exists (select 1 from aclexplode(c.relacl) a where a.grantee = 0) as open_to_all
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p', 'v', 'm')
 order by 2

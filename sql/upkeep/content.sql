-- grain      : one thing that a database holds and an empty one does not
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : none
select o.name
  from (select n.oid, n.nspname::text as name, n.nspname, 'pg_namespace'::regclass as class
          from pg_namespace n where n.nspname <> 'public'
         union all
        select c.oid, n.nspname || '.' || c.relname, n.nspname, 'pg_class'::regclass
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
         union all
        select p.oid, n.nspname || '.' || p.proname, n.nspname, 'pg_proc'::regclass
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace) o
 where o.nspname !~ '^pg_' and o.nspname <> 'information_schema'
   and not exists (select 1 from pg_depend d
                    where d.classid = o.class and d.objid = o.oid and d.deptype = 'e')
 order by 1

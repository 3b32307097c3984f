-- grain      : one role that owns something of ours in this database
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : none
select distinct pg_get_userbyid(o.owner)::text as name
  from (select n.oid, n.nspowner as owner, n.nspname, 'pg_namespace'::regclass as class from pg_namespace n
         union all
        select c.oid, c.relowner, n.nspname, 'pg_class'::regclass
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         union all
        select p.oid, p.proowner, n.nspname, 'pg_proc'::regclass
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace) o
 where o.nspname !~ '^pg_' and o.nspname <> 'information_schema'
   and (o.nspname <> 'public' or o.class <> 'pg_namespace'::regclass)
   and not exists (select 1 from pg_depend d
                    where d.classid = o.class and d.objid = o.oid and d.deptype = 'e')
 order by 1

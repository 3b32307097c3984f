-- grain      : one materialised view that was never filled, or one index that is not usable
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : schemas
select n.nspname || '.' || c.relname as name, c.relkind = 'm' as is_view
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indexrelid = c.oid
 where n.nspname = any(%(schemas)s)
   and (c.relkind = 'm' and not c.relispopulated or c.relkind in ('i', 'I') and not i.indisvalid)
 order by 1

-- grain      : one table, and the statement that counts its rows
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : none
select n.nspname || '.' || c.relname as name,
       format('select count(*) from only %%I.%%I', n.nspname, c.relname) as statement
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by 1

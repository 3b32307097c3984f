-- grain      : one row, whether a process holds the lock of any of these territories
-- reads      : nothing but the server's locks
-- replaces   : nothing
-- parameters : keys
select exists (select 1
                 from pg_locks l
                 join unnest(%(keys)s::text[]) as t (name)
                   on (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(t.name, 0)
                where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
                  and l.database = (select oid from pg_database where datname = current_database())) as locked

-- grain      : one run that is not closed, and whether a process holds its territory's lock
-- reads      : intake.run
-- replaces   : nothing
-- parameters : none
select r.collection, r.territory, r.data_year, r.started_at,
       exists (select 1
                 from pg_locks l
                where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
                  and l.database = (select oid from pg_database where datname = current_database())
                  and (l.classid::bigint << 32) | l.objid::bigint
                      = hashtextextended(r.collection || '/' || r.territory || '/' || r.data_year, 0)) as alive
  from intake.run r
 where r.outcome = 'running'
 order by r.started_at

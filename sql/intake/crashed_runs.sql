-- grain      : one territory and data year whose run is open while nobody holds its lock: its process is dead
-- reads      : intake.run
-- replaces   : nothing
-- parameters : none
--
-- A process closes its run before it gives the lock back. `deaths` counts this run and those before it that ended so in a row.
select r.collection, r.territory, r.data_year, 1 + count(d.run_id) as deaths,
       coalesce((array_agg(d.run_id order by d.started_at) filter (where d.run_id is not null))[1], r.run_id)::text as first_died
  from intake.run r
  left join intake.run d
    on d.collection = r.collection and d.data_year = r.data_year and d.territory = r.territory and d.abandoned
   and d.started_at > coalesce((select max(e.started_at)
                                  from intake.run e
                                 where e.collection = r.collection and e.data_year = r.data_year
                                   and e.territory = r.territory and e.outcome <> 'running' and not e.abandoned), '-infinity')
 where r.outcome = 'running'
   and not exists (select
                     from pg_locks l
                    where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
                      and l.database = (select oid from pg_database where datname = current_database())
                      and (l.classid::bigint << 32) | l.objid::bigint
                          = hashtextextended(format('%%s/%%s/%%s', r.collection, r.territory, r.data_year), 0))
 group by r.run_id
 order by r.data_year, r.collection, r.territory

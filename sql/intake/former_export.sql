-- grain      : one row: the last export of another content that was loaded of a run's territory and data year; none if there is none
-- reads      : intake.run
-- replaces   : nothing
-- parameters : run_id
select r.run_id, r.records
  from intake.run own
  join intake.run r
    on r.collection = own.collection and r.data_year = own.data_year and r.territory = own.territory
   and r.sha256 is distinct from own.sha256
 where own.run_id = %(run_id)s and r.outcome = 'loaded'
 order by r.started_at desc, r.run_id
 limit 1

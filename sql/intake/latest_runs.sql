-- grain      : one run, newest first
-- reads      : intake.run
-- replaces   : nothing
-- parameters : most
select run_id, collection, data_year, territory, outcome, message, started_at, finished_at, abandoned
  from intake.run
 order by started_at desc
 limit %(most)s

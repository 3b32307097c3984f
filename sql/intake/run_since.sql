-- grain      : one row: the last run of a territory that was begun since then; none if none was
-- reads      : intake.run
-- replaces   : nothing
-- parameters : collection, territory, data_year, since
select run_id, sha256, outcome, message, started_at, finished_at
  from intake.run
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s and started_at >= %(since)s
 order by started_at desc
 limit 1

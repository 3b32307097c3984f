-- grain      : one row: the last run that loaded a territory's data year; none if none has
-- reads      : intake.run
-- replaces   : nothing
-- parameters : collection, territory, data_year
select context
  from intake.run
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and outcome = 'loaded'
 order by started_at desc
 limit 1

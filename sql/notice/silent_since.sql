-- grain      : one row where a source has not delivered for that many days: since when, and the day in Paris
-- reads      : intake.step
-- replaces   : nothing
-- parameters : collection, territory, data_year, days
select (min(s.started_at) at time zone 'Europe/Paris') as since,
       (clock_timestamp() at time zone 'Europe/Paris')::date as today
  from intake.step s
 where s.collection = %(collection)s and s.data_year = %(data_year)s and s.territory = %(territory)s
   and s.step = 'collect' and s.reason = 'SourceError'
   and s.started_at > coalesce((select max(d.started_at)
                                  from intake.step d
                                 where d.collection = s.collection and d.data_year = s.data_year
                                   and d.territory = s.territory and d.step = s.step and d.outcome = 'done'), '-infinity')
having min(s.started_at) <= clock_timestamp() - make_interval(days => %(days)s)

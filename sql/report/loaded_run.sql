-- grain      : one territory in one data year
-- reads      : intake.run, department.delivery
-- replaces   : nothing
-- parameters : collection, territory, data_year
--
-- The run that put in place what is loaded now.
select r.run_id
  from department.delivery d
  join intake.run r using (collection, data_year, territory)
 where d.collection = %(collection)s and d.data_year = %(data_year)s and d.territory = %(territory)s
   and r.outcome = 'loaded'
 order by r.started_at desc
 limit 1

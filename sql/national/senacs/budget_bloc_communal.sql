-- grain      : one unit of one territory in one data year
-- reads      : national.observation
-- replaces   : nothing; adds the variable budget_bloc_communal to national.observation (emptied before)
-- parameters : collection, territory, data_year
--
-- What communes and their groupings give, of units that state both.
insert into national.observation (collection, data_year, territory, unit_id, variable, number, status)
select collection, data_year, territory, unit_id, 'budget_bloc_communal', sum(number), 'derived'
  from national.observation
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and variable in ('budget_commune', 'budget_interco') and number is not null
 group by collection, data_year, territory, unit_id
having count(*) = 2

-- grain      : one unit of one territory in one data year
-- reads      : national.observation
-- replaces   : nothing; adds the variable administrateurs_plus_40 to national.observation (emptied before)
-- parameters : collection, territory, data_year
--
-- Members of the board over 40, of units that state both classes of age.
insert into national.observation (collection, data_year, territory, unit_id, variable, number, status)
select collection, data_year, territory, unit_id, 'administrateurs_plus_40', sum(number), 'derived'
  from national.observation
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and variable in ('administrateurs_41_60', 'administrateurs_plus_60') and number is not null
 group by collection, data_year, territory, unit_id
having count(*) = 2

-- grain      : one unit of one territory in one data year
-- reads      : national.observation, codebook.question
-- replaces   : nothing; adds the variable depart_12_18 to national.observation (emptied before)
-- parameters : collection, territory, data_year
--
-- Whether young people of 12 to 18 went on holiday with the unit; it is not asked of units without holidays,
-- nor in every year.
insert into national.observation (collection, data_year, territory, unit_id, variable, code, status)
select collection, data_year, territory, unit_id, 'depart_12_18', case when max(number) > 0 then 'oui' else 'non' end, 'derived'
  from national.observation
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and exists (select from codebook.question
                where collection = %(collection)s and data_year = %(data_year)s and variable = 'vacances_12_18')
   and (variable = 'vacances_12_18' and number is not null or variable = 'action_vacances' and code = 'non')
 group by collection, data_year, territory, unit_id

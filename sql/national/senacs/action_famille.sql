-- grain      : one unit of one territory in one data year
-- reads      : national.observation
-- replaces   : nothing; adds the variable action_famille to national.observation (emptied before)
-- parameters : collection, territory, data_year
--
-- Whether there is an action for families: one for parents or one for small children. Nothing where one is denied and
-- the other not answered. Our choice: the published figure does not say what it counts.
insert into national.observation (collection, data_year, territory, unit_id, variable, code, status)
select collection, data_year, territory, unit_id, 'action_famille', case when bool_or(code = 'oui') then 'oui' else 'non' end,
       'derived'
  from national.observation
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and variable in ('action_parentalite', 'action_petite_enfance') and code is not null
 group by collection, data_year, territory, unit_id
having bool_or(code = 'oui') or count(*) = 2

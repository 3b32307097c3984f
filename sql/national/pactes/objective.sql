-- grain      : one objective of one agreement
-- reads      : national.unit, national.observation
-- replaces   : nothing; adds to pact.objective (emptied before by national/pactes/agreement)
-- parameters : collection, territory, data_year
insert into pact.objective
    (data_year, territory, agreement_id, objective, label)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       max(o.text) filter (where o.variable = 'objectif'),
       max(o.text) filter (where o.variable = 'libelle_objectif')
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'objectif'
 group by u.data_year, u.territory, u.unit_id

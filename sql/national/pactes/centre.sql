-- grain      : one centre of one agreement
-- reads      : national.unit, national.observation
-- replaces   : nothing; adds to pact.centre (emptied before by national/pactes/agreement)
-- parameters : collection, territory, data_year
insert into pact.centre
    (data_year, territory, agreement_id, structure_id, name)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       max(o.text) filter (where o.variable = 'structure_id'),
       max(o.text) filter (where o.variable = 'nom_centre')
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'centre'
 group by u.data_year, u.territory, u.unit_id

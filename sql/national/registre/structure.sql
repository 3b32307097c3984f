-- grain      : one structure of one territory in one data year
-- reads      : national.unit, national.observation
-- replaces   : reference.structure, for that territory and data year
-- parameters : collection, territory, data_year
delete from reference.structure
 where data_year = %(data_year)s and territory = %(territory)s;
insert into reference.structure
    (data_year, structure_id, territory, population, name, departement, commune, manager, federated, siret)
select u.data_year, u.unit_id, u.territory, u.population,
       coalesce(max(o.text) filter (where o.variable = 'nom'), u.unit_id), u.departement,
       max(o.text) filter (where o.variable = 'commune'),
       max(o.text) filter (where o.variable = 'gestionnaire'),
       bool_or(o.code = 'oui') filter (where o.variable = 'federe'),
       max(o.text) filter (where o.variable = 'siret')
  from national.unit u
  left join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
 group by u.data_year, u.unit_id, u.territory, u.population, u.departement

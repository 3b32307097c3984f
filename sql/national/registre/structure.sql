-- grain      : one structure of one territory in one data year
-- reads      : national.unit, national.observation, reference.commune_moved
-- replaces   : reference.structure, for that territory and data year
-- parameters : collection, territory, data_year
--
-- The département is that of the commune in the data year: an old code may lie in another one by now.
delete from reference.structure
 where data_year = %(data_year)s and territory = %(territory)s;
insert into reference.structure
    (data_year, structure_id, territory, population, name, departement, commune, manager, management, federated, siret)
select s.data_year, s.unit_id, s.territory, s.population, s.nom, coalesce(m.departement, s.departement),
       s.commune, s.gestionnaire, s.mode_gestion, s.federe, s.siret
  from (
    select u.data_year, u.unit_id, u.territory, u.population,
           coalesce(max(o.text) filter (where o.variable = 'nom'), u.unit_id) as nom, u.departement,
           max(o.text) filter (where o.variable = 'commune') as commune,
           max(o.text) filter (where o.variable = 'gestionnaire') as gestionnaire,
           max(o.code) filter (where o.variable = 'mode_gestion') as mode_gestion,
           bool_or(o.code = 'oui') filter (where o.variable = 'federe') as federe,
           max(o.text) filter (where o.variable = 'siret') as siret
      from national.unit u
      left join national.observation o using (collection, data_year, territory, unit_id)
     where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
     group by u.data_year, u.unit_id, u.territory, u.population, u.departement
  ) s
  left join reference.commune_moved m
         on m.code = upper(s.commune) and m.period @> reference.geography_date(s.data_year)

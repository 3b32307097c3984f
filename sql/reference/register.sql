-- grain      : one structure of the register in a territory's départements
-- reads      : reference.campaign_departement, reference.structure, national.observation
-- replaces   : nothing
-- parameters : collection, territory, data_year, register_collection
select s.structure_id, s.population, s.name, s.manager, s.siret, s.federated, o.text as agrement_end
  from reference.campaign_departement c
  join reference.structure s on s.data_year = c.data_year and s.departement = c.departement
  left join national.observation o
         on o.collection = %(register_collection)s and o.data_year = s.data_year
        and o.territory = s.territory and o.unit_id = s.structure_id and o.variable = 'fin_agrement'
 where c.collection = %(collection)s and c.data_year = %(data_year)s and c.territory = %(territory)s
 order by s.structure_id

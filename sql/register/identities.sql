-- grain      : one structure of the register in a territory's départements
-- reads      : reference.campaign_departement, reference.structure, reference.commune, national.observation
-- replaces   : nothing
-- parameters : collection, territory, data_year, register_collection
select s.structure_id, s.name, s.siret,
       array_remove(array[s.commune, c.name, o.text], null) as communes
  from reference.campaign_departement t
  join reference.structure s on s.data_year = t.data_year and s.departement = t.departement
  left join reference.commune c
         on c.code = upper(s.commune) and c.period @> reference.geography_date(s.data_year)
  left join national.observation o
         on o.collection = %(register_collection)s and o.data_year = s.data_year
        and o.territory = s.territory and o.unit_id = s.structure_id and o.variable = 'nom_commune'
 where t.collection = %(collection)s and t.data_year = %(data_year)s and t.territory = %(territory)s
 order by s.structure_id

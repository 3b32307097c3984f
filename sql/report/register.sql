-- grain      : one structure of the register in a territory's départements
-- reads      : reference.campaign_departement, reference.structure, national.unit
-- replaces   : nothing
-- parameters : collection, territory, data_year
select s.structure_id, s.name,
       c.perimeter = 'all' or coalesce(s.federated, false) as in_scope,
       coalesce(u.responded, false) as responded
  from reference.campaign_departement c
  join reference.structure s on s.data_year = c.data_year and s.departement = c.departement
  left join national.unit u
         on u.collection = c.collection and u.data_year = c.data_year and u.territory = c.territory
        and u.unit_id = s.structure_id
 where c.collection = %(collection)s and c.data_year = %(data_year)s and c.territory = %(territory)s
 order by s.structure_id

-- grain      : one structure of the register in a territory's départements
-- reads      : reference.campaign_departement, reference.structure, codebook.question
-- replaces   : nothing
-- parameters : collection, territory, data_year
select s.structure_id, s.name, s.departement,
       (c.perimeter = 'all' or coalesce(s.federated, false))
           and exists (select from codebook.question q
                where q.collection = c.collection and q.data_year = c.data_year
                  and (q.populations is null or s.population = any (q.populations))) as in_scope,
       s.population
  from reference.campaign_departement c
  join reference.structure s on s.data_year = c.data_year and s.departement = c.departement
 where c.collection = %(collection)s and c.data_year = %(data_year)s and c.territory = %(territory)s
 order by s.structure_id

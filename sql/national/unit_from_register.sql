-- grain      : one structure of the register, of one territory in one data year
-- reads      : reference.structure, reference.departement_region, reference.campaign_departement, department.record, codebook.question
-- replaces   : nothing; adds to national.unit (emptied before by department/delete_delivery)
-- parameters : collection, territory, data_year
insert into national.unit
    (collection, data_year, unit_id, territory, population, departement, region, manager, in_scope, responded)
select c.collection, c.data_year, s.structure_id, c.territory, s.population, s.departement,
       coalesce(g.region, 'ZZ'),
       coalesce(s.manager, s.structure_id),
       (c.perimeter = 'all' or coalesce(s.federated, false))
           and exists (select from codebook.question q
                where q.collection = c.collection and q.data_year = c.data_year
                  and (q.populations is null or s.population = any (q.populations))),
       r.unit_id is not null
  from reference.campaign_departement c
  join reference.structure s on s.data_year = c.data_year and s.departement = c.departement
  left join reference.departement_region g
         on g.departement = s.departement and g.period @> reference.geography_date(c.data_year)
  left join department.record r
         on r.collection = c.collection and r.data_year = c.data_year and r.territory = c.territory
        and r.unit_id = s.structure_id and r.accepted
 where c.collection = %(collection)s and c.data_year = %(data_year)s and c.territory = %(territory)s

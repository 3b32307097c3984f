-- grain      : one structure of the register, of one territory in one data year
-- reads      : reference.perimeter, reference.departement_region, department.record
-- replaces   : nothing; adds to national.unit (emptied before by department/delete_delivery)
-- parameters : collection, territory, data_year
--
-- Who responded is settled once the observations are there (national/response).
insert into national.unit
    (collection, data_year, unit_id, territory, population, departement, region, manager, management, federated,
     in_scope, delivered)
select p.collection, p.data_year, p.structure_id, p.territory, p.population, p.departement,
       coalesce(g.region, 'ZZ'),
       coalesce(p.manager, p.structure_id), p.management, p.federated, p.in_scope, r.unit_id is not null
  from reference.perimeter p
  left join reference.departement_region g
         on g.departement = p.departement and g.period @> reference.geography_date(p.data_year)
  left join department.record r
         on r.collection = p.collection and r.data_year = p.data_year and r.territory = p.territory
        and r.unit_id = p.structure_id and r.accepted
 where p.collection = %(collection)s and p.data_year = %(data_year)s and p.territory = %(territory)s

-- grain      : one accepted record of one territory in one data year
-- reads      : department.record, reference.departement, reference.departement_region
-- replaces   : nothing; adds to national.unit (emptied before by department/delete_delivery)
-- parameters : collection, territory, data_year, population (of every record, where the export does not state it)
--
-- Who responded is settled once the observations are there (national/response).
insert into national.unit
    (collection, data_year, unit_id, territory, population, departement, region, manager, in_scope, delivered)
select r.collection, r.data_year, r.unit_id, r.territory, coalesce(r.population, %(population)s::text),
       coalesce(d.code, 'ZZ'),
       coalesce(g.region, 'ZZ'),
       r.unit_id, true, true
  from department.record r
  left join reference.departement d on d.code = r.departement
  left join reference.departement_region g
         on g.departement = d.code and g.period @> reference.geography_date(r.data_year)
 where r.collection = %(collection)s and r.data_year = %(data_year)s and r.territory = %(territory)s
   and r.accepted and coalesce(r.population, %(population)s::text) is not null

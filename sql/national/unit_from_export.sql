-- grain      : one accepted record of one territory in one data year
-- reads      : department.record, reference.departement
-- replaces   : nothing; adds to national.unit (emptied before by department/delete_delivery)
-- parameters : collection, territory, data_year, population (of every record, where the export does not state it)
insert into national.unit
    (collection, data_year, unit_id, territory, population, departement, region, manager, in_scope, responded)
select r.collection, r.data_year, r.unit_id, r.territory, coalesce(r.population, %(population)s::text),
       coalesce(d.code, 'ZZ'),
       coalesce(case when r.data_year <= 2015 then d.region_1970 else d.region_2016 end, 'ZZ'),
       r.unit_id, true, true
  from department.record r
  left join reference.departement d on d.code = r.departement
 where r.collection = %(collection)s and r.data_year = %(data_year)s and r.territory = %(territory)s
   and r.accepted and coalesce(r.population, %(population)s::text) is not null

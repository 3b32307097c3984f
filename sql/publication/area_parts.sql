-- grain      : one area that figures of a data year are told of, or could be
-- reads      : indicator.part, reference.departement, reference.region
-- replaces   : nothing
-- parameters : collection, data_year
--
-- Its départements that have units in scope, and whether all of them are loaded. Reads the temporary table membership (indicator/membership). Of
-- the whole, the one that is: France, or what was surveyed.
select m.level, m.area, m.complete, array_agg(m.departement order by m.departement) as departements,
       case m.level when 'france' then 'France'
                    when 'surveyed' then 'Territoires enquêtés'
                    when 'departement' then coalesce((select d.name from reference.departement d where d.code = m.area),
                                                     'Département non renseigné')
                    else coalesce((select r.name from reference.region r
                                    where r.code = m.area
                                      and case m.level when 'region' then make_date(%(data_year)s, 12, 31) else 'infinity'::date end
                                          between r.valid_from and coalesce(r.valid_to, 'infinity')),
                                  'Hors région') end as label
  from membership m
 where (m.complete or m.level in ('region', 'region_today'))
   and m.departement in (select p.departement from indicator.part p
                          where p.collection = %(collection)s and p.data_year = %(data_year)s and p.epci = '')
 group by m.level, m.area, m.complete
 order by array_position(array['france', 'surveyed', 'region', 'region_today', 'departement'], m.level), m.area

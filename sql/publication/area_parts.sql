-- grain      : one area that figures of a data year are told of, or could be
-- reads      : reference.departement, reference.region
-- replaces   : nothing
-- parameters : data_year
--
-- Its départements, and whether all of them are loaded. Reads the temporary table membership (indicator/membership). Of
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
 where m.complete or m.level in ('region', 'region_today')
 group by m.level, m.area, m.complete
 order by array_position(array['france', 'surveyed', 'region', 'region_today', 'departement'], m.level), m.area

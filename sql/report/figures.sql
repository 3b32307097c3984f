-- grain      : one indicator × population × area in one data year
-- reads      : indicator.figure, reference.departement
-- replaces   : nothing
-- parameters : collection
--
-- `parent` is the region of a département in that data year, and the whole for a region.
select f.data_year, f.indicator, f.theme_label, f.label, f.statistic, f.unit, f.decimals, f.headline,
       f.note, f.population, f.level, f.area, f.area_label,
       case f.level when 'departement' then coalesce(
                        case when f.data_year <= 2015 then d.region_1970 else d.region_2016 end, 'ZZ')
                    when 'region' then '*' else '' end as parent,
       f.n_scope, f.n_responded, f.n_base, f.n_item, f.value::double precision as value, f.confidential
  from indicator.figure f
  left join reference.departement d on d.code = f.area
 where f.collection = %(collection)s
 order by f.position, f.population, f.data_year, f.level, f.area

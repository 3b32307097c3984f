-- grain      : one figure of a data year
-- reads      : indicator.detail
-- replaces   : nothing
-- parameters : collection, data_year, indicator, level, area, breakdown, population
--
-- A parameter that is null leaves nothing out.
select indicator, label, population, level, area, area_label, breakdown, category, category_label, statistic, unit, decimals,
       status, comparability, n_scope, n_responded, n_base, n_item, value::double precision as value,
       estimate::double precision as estimate, estimate_low::double precision as estimate_low,
       estimate_high::double precision as estimate_high, n_panel, panel_before::double precision as panel_before,
       panel_value::double precision as panel_value, panel_confidential, changed_at, changed_why,
       changed_from::double precision as changed_from
  from indicator.detail
 where collection = %(collection)s and data_year = %(data_year)s
   and indicator = coalesce(%(indicator)s::text, indicator) and level = coalesce(%(level)s::text, level)
   and area = coalesce(%(area)s::text, area) and breakdown = coalesce(%(breakdown)s::text, breakdown)
   and population = coalesce(%(population)s::text, population)
 order by position, population, array_position(array['france', 'surveyed', 'region', 'region_today', 'departement', 'epci'], level),
          area, breakdown, category

-- grain      : one headline figure of the territory's départements, or of the whole, with its base before and after
-- reads      : indicator.figure, reference.campaign_departement
-- replaces   : nothing
-- parameters : collection, territory, data_year
--
-- Reads the temporary table figure_before. Nothing confidential is in it: figures are read after disclosure control.
select f.label, f.population, f.level, f.area, f.area_label, f.statistic, f.unit, f.decimals,
       b.value as value_before, f.value as value_after,
       b.n_item as n_item_before, f.n_item as n_item_after,
       b.n_responded as n_responded_before, f.n_responded as n_responded_after,
       b.n_scope as n_scope_before, f.n_scope as n_scope_after, f.confidential
  from indicator.figure f
  left join figure_before b using (indicator, population, level, area)
 where f.collection = %(collection)s and f.data_year = %(data_year)s and f.headline
   and (f.level in ('france', 'surveyed')
        or f.level = 'departement'
           and f.area in (select c.departement from reference.campaign_departement c
                           where c.collection = f.collection and c.data_year = f.data_year
                             and c.territory = %(territory)s))
 order by f.level, f.area, f.position, f.population

-- grain      : one figure that is not told
-- reads      : nothing
-- replaces   : nothing; adds to the temporary table hidden_figure
-- parameters : collection, indicators, populations, levels, areas, breakdowns, categories
insert into hidden_figure
select x.level, x.area, indicator.series_of(%(collection)s, x.indicator, x.population, x.breakdown, x.category)
  from unnest(%(indicators)s::text[], %(populations)s::text[], %(levels)s::text[], %(areas)s::text[], %(breakdowns)s::text[],
              %(categories)s::text[]) x (indicator, population, level, area, breakdown, category)

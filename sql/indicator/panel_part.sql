-- grain      : one indicator × population × département of some territories in one data year
-- reads      : codebook.indicator_year
-- replaces   : indicator.panel_part, for those territories
-- parameters : collection, data_year, territories
--
-- The units that answered an item in both years, of one population in both, where the series does not break. Reads the
-- temporary table item.
delete from indicator.panel_part
 where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s);
insert into indicator.panel_part
    (collection, data_year, territory, departement, indicator, population, n_panel, managers, numerator_before,
     denominator_before, numerator, denominator, largest_before, spread_before, largest, spread, numbers_before, numbers)
select %(collection)s, %(data_year)s, i.territory, i.departement, i.indicator, i.population, count(*),
       (array_agg(distinct i.manager))[1:3], sum(b.value), sum(b.weight), sum(i.value), sum(i.weight),
       max(abs(b.value)), sum(abs(b.value)), max(abs(i.value)), sum(abs(i.value)),
       array_agg(b.value order by b.value) filter (where i.statistic = 'median'),
       array_agg(i.value order by i.value) filter (where i.statistic = 'median')
  from item i
  join item b on b.unit_id = i.unit_id and b.indicator = i.indicator and b.population = i.population
  join codebook.indicator_year y
    on y.collection = %(collection)s and y.data_year = %(data_year)s and y.indicator = i.indicator
 where i.data_year = %(data_year)s and i.in_base and i.answered
   and b.data_year = %(data_year)s - 1 and b.in_base and b.answered
   and i.statistic not in ('scope', 'count', 'response') and y.comparability <> 'break'
 group by i.territory, i.departement, i.indicator, i.population

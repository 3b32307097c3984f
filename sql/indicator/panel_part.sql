-- grain      : one indicator × population × département of some territories in one data year
-- reads      : codebook.indicator_year
-- replaces   : indicator.panel_part, for those territories in those départements
-- parameters : collection, data_year, territories, departements
--
-- The units that answered an item in both years, where the series does not break. Reads the temporary tables pair, unit,
-- measure and figure.
delete from indicator.panel_part
 where collection = %(collection)s and data_year = %(data_year)s and departement = any (%(departements)s)
   and territory = any (%(territories)s);
insert into indicator.panel_part
    (collection, data_year, territory, departement, indicator, population, n_panel, managers, numerator_before,
     denominator_before, numerator, denominator, largest_before, spread_before, largest, spread, numbers_before, numbers)
with summed as (
    select u.place_no, f.figure_no, count(*) as n_panel, array_agg(distinct u.manager_key) as managers,
           sum(b.value) as numerator_before, sum(b.weight) as denominator_before, sum(n.value) as numerator,
           sum(n.weight) as denominator, max(abs(b.value)) as largest_before, sum(abs(b.value)) as spread_before,
           max(abs(n.value)) as largest, sum(abs(n.value)) as spread,
           array_agg(b.value order by b.value) filter (where f.statistic = 'median') as numbers_before,
           array_agg(n.value order by n.value) filter (where f.statistic = 'median') as numbers
      from pair p
      join unit u using (unit_no)
      join measure n on n.unit_no = p.unit_no
      join measure b on b.unit_no = p.unit_no_before and b.figure_no = n.figure_no
      join figure f on f.figure_no = n.figure_no
      join codebook.indicator_year y
        on y.collection = %(collection)s and y.data_year = %(data_year)s and y.indicator = f.indicator
     where n.in_base and n.answered and b.in_base and b.answered and f.is_sum and y.comparability <> 'break'
     group by u.place_no, f.figure_no
)
select %(collection)s, %(data_year)s, p.territory, p.departement, f.indicator, f.population, s.n_panel, s.managers[1:3],
       s.numerator_before, s.denominator_before, s.numerator, s.denominator, s.largest_before, s.spread_before, s.largest,
       s.spread, s.numbers_before, s.numbers
  from summed s
  join figure f using (figure_no)
  join (select distinct place_no, territory, departement from unit where data_year = %(data_year)s) p using (place_no)

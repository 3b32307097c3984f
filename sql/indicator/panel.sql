-- grain      : one indicator × population × touched area in one data year
-- reads      : indicator.panel_part, codebook.indicator, codebook.collection
-- replaces   : indicator.panel, for the touched areas
-- parameters : collection, data_year
--
-- Reads the temporary tables touched and area_of.
delete from indicator.panel
 where collection = %(collection)s and data_year = %(data_year)s and level = any (array(select level from touched))
   and area = any (array(select area from touched)) and (level, area) in (select level, area from touched);
insert into indicator.panel
    (collection, data_year, indicator, population, level, area, n_panel, value_before, value, confidential)
with placed as (
    select a.level, a.area, i.statistic, p.indicator, p.population, p.n_panel, p.managers, p.numerator_before,
           p.denominator_before, p.numerator, p.denominator, p.largest_before, p.spread_before, p.largest, p.spread,
           p.numbers_before, p.numbers
      from indicator.panel_part p
      join codebook.indicator i using (collection, indicator)
      join area_of a on a.departement = p.departement
     where p.collection = %(collection)s and p.data_year = %(data_year)s
), summed as (
    select level, area, indicator, statistic, population, sum(n_panel) as n_panel, bool_or(cardinality(managers) = 3) as three,
           array_agg(managers[1]) filter (where cardinality(managers) < 3)
               || array_agg(managers[2]) filter (where cardinality(managers) = 2) as few,
           sum(numerator_before) as numerator_before, sum(denominator_before) as denominator_before,
           sum(numerator) as numerator, sum(denominator) as denominator, max(largest_before) as largest_before,
           sum(spread_before) as spread_before, max(largest) as largest, sum(spread) as spread
      from placed
     group by level, area, indicator, statistic, population
), middle as (
    select p.level, p.area, p.indicator, p.population,
           percentile_cont(0.5) within group (order by x.before::double precision) as before,
           percentile_cont(0.5) within group (order by x.now::double precision) as now
      from placed p
     cross join unnest(p.numbers_before, p.numbers) x (before, now)
     where p.statistic = 'median'
     group by p.level, p.area, p.indicator, p.population
)
select %(collection)s, %(data_year)s, s.indicator, s.population, s.level, s.area, s.n_panel,
       round(case s.statistic when 'total' then s.numerator_before
                              when 'median' then m.before::numeric
                              else s.numerator_before / nullif(s.denominator_before, 0) end, 6),
       round(case s.statistic when 'total' then s.numerator
                              when 'median' then m.now::numeric
                              else s.numerator / nullif(s.denominator, 0) end, 6),
       k.disclosure = 'protected'
           and (s.n_panel < 3
                or not s.three and (select count(distinct m) from unnest(s.few) m) < 3
                or (s.statistic in ('total', 'mean', 'ratio')
                    and (s.largest_before > 0.85 * s.spread_before or s.largest > 0.85 * s.spread)))
  from summed s
  join codebook.collection k on k.collection = %(collection)s
  left join middle m using (level, area, indicator, population)

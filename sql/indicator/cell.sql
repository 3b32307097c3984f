-- grain      : one indicator × population × category × touched area in one data year
-- reads      : indicator.part, codebook.indicator, codebook.indicator_year, codebook.collection, codebook.population
-- replaces   : indicator.cell, for the touched areas; adds to the temporary table figure_before what was there
-- parameters : collection, data_year
--
-- Every level is summed from the same parts in the same statement. An EPCI has figures from a number of structures in
-- scope on. Reads the temporary tables touched and area_of.
with gone as (
    delete from indicator.cell c using touched t
     where c.collection = %(collection)s and c.data_year = %(data_year)s and c.level = t.level and c.area = t.area
    returning c.*
)
insert into figure_before
select indicator, population, level, area, breakdown, category, n_scope, n_responded, n_item, n_corrected, value
  from gone;
insert into indicator.cell
    (collection, data_year, indicator, population, level, area, breakdown, category, n_scope, n_responded, n_base, n_item,
     n_corrected, n_managers, numerator, denominator, value, confidential)
with shown as (
    -- Each population, and all of them together where nobody is left out.
    select i.indicator, i.statistic, p.population, s.shown_as
      from codebook.indicator i
      join codebook.collection k using (collection)
      join codebook.indicator_year y using (collection, indicator)
     cross join unnest(y.populations) p (population)
     cross join lateral (
            select p.population as shown_as
            union all
            select k.pooled_population
             where i.pooled and not exists (select from codebook.population o
                                             where o.collection = i.collection and o.population <> all (y.populations))) s
     where i.collection = %(collection)s and y.data_year = %(data_year)s
), placed as (
    select a.level, a.area, p.breakdown, p.category, p.indicator, p.population, p.n_scope, p.n_responded, p.n_base, p.n_item,
           p.n_corrected, p.managers, p.numerator, p.denominator, p.largest, p.spread, p.numbers
      from indicator.part p
      join area_of a on a.departement = p.departement
      join touched t on t.level = a.level and t.area = a.area
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.breakdown <> 'epci'
    union all
    select t.level, t.area, 'all', 'all', p.indicator, p.population, p.n_scope, p.n_responded, p.n_base, p.n_item,
           p.n_corrected, p.managers, p.numerator, p.denominator, p.largest, p.spread, p.numbers
      from indicator.part p
      join touched t on t.level = 'epci' and t.area = p.category
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.breakdown = 'epci' and p.category <> 'inconnu'
), summed as (
    select p.level, p.area, p.indicator, s.statistic, s.shown_as as population, p.breakdown, p.category,
           sum(p.n_scope) as n_scope, sum(p.n_responded) as n_responded, sum(p.n_base) as n_base, sum(p.n_item) as n_item,
           sum(p.n_corrected) as n_corrected,
           -- Three managers of one part are three; where no part has them, the first two of each are all there are.
           max(cardinality(p.managers)) as most_managers,
           array_agg(p.managers[1]) || array_agg(p.managers[2]) as managers,
           sum(p.numerator) as numerator, sum(p.denominator) as denominator, max(p.largest) as largest,
           sum(p.spread) as spread
      from placed p
      join shown s on s.indicator = p.indicator and s.population = p.population
     group by p.level, p.area, p.indicator, s.statistic, s.shown_as, p.breakdown, p.category
), middle as (
    select p.level, p.area, p.indicator, s.shown_as as population, p.breakdown, p.category,
           percentile_cont(0.5) within group (order by x.number::double precision) as median
      from placed p
      join shown s on s.indicator = p.indicator and s.population = p.population and s.statistic = 'median'
     cross join unnest(p.numbers) x (number)
     group by p.level, p.area, p.indicator, s.shown_as, p.breakdown, p.category
)
select %(collection)s, %(data_year)s, s.indicator, s.population, s.level, s.area, s.breakdown, s.category,
       s.n_scope, s.n_responded, s.n_base, s.n_item, s.n_corrected, g.n_managers,
       case s.statistic when 'scope' then s.n_scope
                        when 'count' then s.n_base
                        when 'response' then s.n_responded
                        when 'median' then null
                        else s.numerator end,
       case when s.statistic = 'response' then s.n_scope
            when s.statistic in ('mean', 'share', 'ratio') then s.denominator end,
       round(case s.statistic when 'scope' then s.n_scope
                              when 'count' then s.n_base
                              when 'response' then s.n_responded::numeric / s.n_scope
                              when 'total' then s.numerator
                              when 'median' then m.median::numeric
                              else s.numerator / nullif(s.denominator, 0) end, 6),
       k.disclosure = 'protected'
           and s.n_item > 0
           and (s.n_item < 3 or g.n_managers < 3
                or (s.statistic in ('total', 'mean', 'ratio') and s.largest > 0.85 * s.spread))
  from summed s
  join codebook.collection k on k.collection = %(collection)s
 cross join lateral (
        select case when s.most_managers >= 3 then 3
                    else (select least(3, count(distinct m)) from unnest(s.managers) m) end as n_managers) g
  left join middle m using (level, area, indicator, population, breakdown, category)
 where s.level <> 'epci' or s.n_scope >= k.epci_least

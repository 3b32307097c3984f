-- grain      : one indicator × population × area × category in one data year
-- reads      : indicator.part, indicator.series
-- replaces   : nothing
-- parameters : collection, data_year
--
-- What disclosure rules have to know of the sums that figures are made of; of a région that is not complete too, which is
-- told nowhere, but lies between the whole and the others. Départements are not broken down. Reads the temporary tables
-- shown (indicator/figure) and membership (indicator/membership).
with placed as (
    select m.level, m.area, s.indicator, w.shown_as as population, s.breakdown, s.category, p.n_scope, p.n_responded, p.n_base,
           p.n_item, p.n_managers, p.first_manager, p.last_manager, p.numerator, p.denominator, p.largest, p.spread
      from indicator.part p
      join indicator.series s using (series)
      join shown w on w.indicator = s.indicator and w.population = s.population
      join membership m on m.departement = p.departement and (m.complete or m.level in ('region', 'region_today'))
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.epci = ''
       and (m.level <> 'departement' or s.breakdown = 'all')
), summed as (
    select level, area, indicator, population, breakdown, category,
           sum(n_scope) as n_scope, sum(n_responded) as n_responded, sum(n_base) as n_base, sum(n_item) as n_item,
           max(n_managers) as n_managers, min(first_manager) as first_manager, max(last_manager) as last_manager,
           array_agg(first_manager) filter (where n_managers < 3)
               || array_agg(last_manager) filter (where n_managers = 2) as few,
           sum(numerator) as numerator, sum(denominator) as denominator, max(largest) as largest, sum(spread) as spread
      from placed
     group by level, area, indicator, population, breakdown, category
)
select s.indicator, s.population, s.level, s.area, s.breakdown, s.category, s.n_responded::integer as n_responded,
       s.n_base::integer as n_base, s.n_item::integer as n_item, g.n_managers,
       case when g.n_managers = 1 then s.first_manager::text else '' end as manager,
       s.numerator::double precision as numerator, s.denominator::double precision as denominator,
       coalesce(s.largest, 0)::double precision as largest, coalesce(s.spread, 0)::double precision as spread
  from summed s
 cross join lateral (
        select case when s.n_managers = 3 then 3
                    when s.first_manager is null then 0
                    when s.first_manager = s.last_manager then 1
                    else (select least(3, count(distinct m))::integer from unnest(s.few) m) end as n_managers) g
 order by s.indicator, s.population, s.level, s.area, s.breakdown, s.category

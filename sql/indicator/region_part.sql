-- grain      : one indicator × population × category × touched region in one data year
-- reads      : indicator.part
-- replaces   : indicator.region_part, for the touched regions
-- parameters : collection, data_year
--
-- Complete or not. Three managers of one part are three; where no part has them, the first two of each are all there are.
delete from indicator.region_part
 where collection = %(collection)s and data_year = %(data_year)s
   and region = any (array(select area from touched where level = 'region'));
insert into indicator.region_part
    (collection, data_year, region, indicator, population, breakdown, category, n_scope, n_responded, n_base, n_item,
     n_corrected, managers, numerator, denominator, largest, spread, numbers)
with summed as (
    select a.area, p.indicator, p.population, p.breakdown, p.category,
           sum(p.n_scope) as n_scope, sum(p.n_responded) as n_responded, sum(p.n_base) as n_base, sum(p.n_item) as n_item,
           sum(p.n_corrected) as n_corrected,
           max(p.managers) filter (where cardinality(p.managers) = 3) as three,
           array_agg(p.managers[1]) filter (where cardinality(p.managers) < 3)
               || array_agg(p.managers[2]) filter (where cardinality(p.managers) = 2) as few,
           sum(p.numerator) as numerator, sum(p.denominator) as denominator, max(p.largest) as largest,
           sum(p.spread) as spread
      from indicator.part p
      join membership a on a.departement = p.departement and a.level = 'region'
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.breakdown <> 'epci'
       and p.departement = any (array(select departement from membership where level = 'region'))
     group by a.area, p.indicator, p.population, p.breakdown, p.category
), listed as (
    select a.area, p.indicator, p.population, p.breakdown, p.category, array_agg(x.number order by x.number) as numbers
      from indicator.part p
      join membership a on a.departement = p.departement and a.level = 'region'
     cross join unnest(p.numbers) x (number)
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.breakdown <> 'epci' and p.numbers is not null
       and p.departement = any (array(select departement from membership where level = 'region'))
     group by a.area, p.indicator, p.population, p.breakdown, p.category
)
select %(collection)s, %(data_year)s, s.area, s.indicator, s.population, s.breakdown, s.category, s.n_scope, s.n_responded,
       s.n_base, s.n_item, s.n_corrected,
       coalesce(s.three, (array(select distinct m from unnest(s.few) m where m is not null order by m))[1:3]),
       s.numerator, s.denominator, s.largest, s.spread, l.numbers
  from summed s
  left join listed l using (area, indicator, population, breakdown, category)

-- grain      : one series × touched region in one data year
-- reads      : indicator.part
-- replaces   : indicator.region_part, for the touched regions
-- parameters : collection, data_year
--
-- Complete or not. Three managers of one part are three; where no part has them, the first and the last of each are all
-- there are.
delete from indicator.region_part
 where collection = %(collection)s and data_year = %(data_year)s
   and region = any (array(select area from touched where level = 'region'));
insert into indicator.region_part
    (collection, data_year, region, series, n_scope, n_responded, n_base, n_item, n_corrected, n_managers, first_manager,
     last_manager, numerator, denominator, largest, spread, numbers)
with placed as (
    select a.area, p.*
      from indicator.part p
      join membership a on a.departement = p.departement and a.level = 'region'
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.epci = ''
       and p.departement = any (array(select departement from membership where level = 'region'))
), summed as (
    select area, series,
           sum(n_scope) as n_scope, sum(n_responded) as n_responded, sum(n_base) as n_base, sum(n_item) as n_item,
           sum(n_corrected) as n_corrected, max(n_managers) as n_managers, min(first_manager) as first_manager,
           max(last_manager) as last_manager,
           array_agg(first_manager) filter (where n_managers in (1, 2))
               || array_agg(last_manager) filter (where n_managers = 2) as few,
           sum(numerator) as numerator, sum(denominator) as denominator, max(largest) as largest, sum(spread) as spread
      from placed
     group by area, series
), listed as (
    select p.area, p.series, array_agg(x.number order by x.number) as numbers
      from placed p
     cross join unnest(p.numbers) x (number)
     where p.numbers is not null
     group by p.area, p.series
)
select %(collection)s, %(data_year)s, s.area, s.series, s.n_scope, s.n_responded, s.n_base, s.n_item, s.n_corrected,
       case when s.n_managers = 3 then 3
            when s.first_manager is null then 0
            when s.first_manager = s.last_manager then 1
            else (select least(3, count(distinct m)) from unnest(s.few) m) end,
       s.first_manager, s.last_manager, s.numerator, s.denominator, s.largest, s.spread, l.numbers
  from summed s
  left join listed l using (area, series)

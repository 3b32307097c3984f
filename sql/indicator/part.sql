-- grain      : one indicator × population × category × département of some territories in one data year
-- reads      : indicator.part, codebook.indicator
-- replaces   : indicator.part, for those territories; adds to the temporary table touched the areas that they are part of
-- parameters : collection, data_year, territories
--
-- Reads the temporary tables item, item_category and area_of; what is complete of the last stays in it.
insert into touched
select a.level, a.area
  from indicator.part p
  join area_of a on a.departement = p.departement
 where p.collection = %(collection)s and p.data_year = %(data_year)s and p.territory = any (%(territories)s)
union
select 'epci', p.category
  from indicator.part p
 where p.collection = %(collection)s and p.data_year = %(data_year)s and p.territory = any (%(territories)s)
   and p.breakdown = 'epci';
delete from indicator.part
 where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s);
insert into indicator.part
    (collection, data_year, territory, departement, indicator, population, breakdown, category, n_scope, n_responded,
     n_base, n_item, n_corrected, managers, numerator, denominator, largest, spread, numbers)
with shown as (
    select i.indicator, i.statistic, i.statistic not in ('scope', 'count', 'response') as is_sum, b.breakdown
      from codebook.indicator i
     cross join unnest(array['all'] || i.breakdowns || case when i.by_epci then array['epci'] end) b (breakdown)
     where i.collection = %(collection)s
), summed as (
    select i.territory, i.departement, i.indicator, i.population, c.breakdown, c.category, s.is_sum,
           count(*) as n_scope,
           count(*) filter (where i.responded) as n_responded,
           count(*) filter (where i.in_base) as n_base,
           count(*) filter (where i.in_base and i.answered) as n_item,
           count(*) filter (where i.in_base and i.answered and i.corrected) as n_corrected,
           array_agg(distinct i.manager) filter (where i.in_base and i.answered) as managers,
           sum(i.value) filter (where i.in_base and i.answered) as numerator,
           sum(i.weight) filter (where i.in_base and i.answered) as denominator,
           max(abs(i.value)) filter (where i.in_base and i.answered) as largest,
           sum(abs(i.value)) filter (where i.in_base and i.answered) as spread,
           array_agg(i.value order by i.value) filter (where i.in_base and i.answered and s.statistic = 'median') as numbers
      from item i
      join item_category c on c.territory = i.territory and c.unit_id = i.unit_id
      join shown s on s.indicator = i.indicator and s.breakdown = c.breakdown
     where i.data_year = %(data_year)s
     group by i.territory, i.departement, i.indicator, i.population, c.breakdown, c.category, s.is_sum
)
select %(collection)s, %(data_year)s, territory, departement, indicator, population, breakdown, category, n_scope, n_responded,
       n_base, n_item, n_corrected, coalesce(managers[1:3], '{}'),
       case when is_sum then numerator end, case when is_sum then denominator end,
       case when is_sum then largest end, case when is_sum then spread end, numbers
  from summed;
insert into touched
select a.level, a.area
  from item i
  join area_of a on a.departement = i.departement
 where i.data_year = %(data_year)s
union
select 'epci', c.category
  from item_category c
 where c.breakdown = 'epci'
    on conflict do nothing;
delete from area_of where not complete

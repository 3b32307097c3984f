-- grain      : one indicator × population × category × département of some territories in one data year
-- reads      : nothing but the tables of the refresh
-- replaces   : indicator.part, for those territories in those départements
-- parameters : collection, data_year, territories, departements
--
-- The départements are those that the territories had parts of before.
delete from indicator.part
 where collection = %(collection)s and data_year = %(data_year)s and departement = any (%(departements)s)
   and territory = any (%(territories)s);
insert into indicator.part
    (collection, data_year, territory, departement, indicator, population, breakdown, category, n_scope, n_responded,
     n_base, n_item, n_corrected, managers, numerator, denominator, largest, spread, numbers)
with broken_down as (
    select f.figure_no, c.category_no, f.statistic = 'median' as is_median
      from figure f
      join category c on c.breakdown = any (f.breakdowns)
), summed as (
    select u.place_no, m.figure_no, c.category_no,
           count(*) as n_scope,
           count(*) filter (where u.responded) as n_responded,
           count(*) filter (where m.in_base) as n_base,
           count(*) filter (where m.in_base and m.answered) as n_item,
           count(*) filter (where m.in_base and m.answered and m.corrected) as n_corrected,
           array_agg(distinct u.manager_key) filter (where m.in_base and m.answered) as managers,
           sum(m.value) filter (where m.in_base and m.answered) as numerator,
           sum(m.weight) filter (where m.in_base and m.answered) as denominator,
           max(abs(m.value)) filter (where m.in_base and m.answered) as largest,
           sum(abs(m.value)) filter (where m.in_base and m.answered) as spread,
           array_agg(m.value order by m.value) filter (where m.in_base and m.answered and s.is_median) as numbers
      from unit u
      join measure m using (unit_no)
      join unit_category c using (unit_no)
      join broken_down s on s.figure_no = m.figure_no and s.category_no = c.category_no
     where u.data_year = %(data_year)s and u.territory = any (%(territories)s)
     group by u.place_no, m.figure_no, c.category_no
)
select %(collection)s, %(data_year)s, p.territory, p.departement, f.indicator, f.population, c.breakdown, c.category,
       s.n_scope, s.n_responded, s.n_base, s.n_item, s.n_corrected, coalesce(s.managers[1:3], '{}'),
       case when f.is_sum then s.numerator end, case when f.is_sum then s.denominator end,
       case when f.is_sum then s.largest end, case when f.is_sum then s.spread end, s.numbers
  from summed s
  join figure f using (figure_no)
  join category c using (category_no)
  join (select distinct place_no, territory, departement from unit where data_year = %(data_year)s) p using (place_no)

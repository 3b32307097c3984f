-- grain      : one series × département, and × EPCI, of some territories in one data year
-- reads      : indicator.part
-- replaces   : indicator.part, for those territories in those départements
-- parameters : collection, data_year, territories, departements
--
-- The départements are those that the territories had parts of before. Sums alone, so that four million rows are hashed and
-- not sorted: of managers, no more is asked than whether there are three. Parts that stay as they are are not written again:
-- to write is half of the cost; equal numbers are written alike, so that it does not matter which were first. Reads the temporary tables unit, measure, unit_category, category, figure and series.
insert into part_now
    (collection, data_year, territory, departement, epci, series, n_scope, n_responded, n_base, n_item, n_corrected,
     n_managers, first_manager, last_manager, numerator, denominator, largest, spread, numbers)
with said as (
    -- What counts, once a unit and not once a category; 0 or null for what does not.
    select m.unit_no, m.figure_no, u.place_no, 'epci' = any (f.breakdowns) as by_epci, u.responded::integer as responded,
           coalesce(m.in_base, false)::integer as in_base,
           g.gives::integer as gives, (g.gives and m.corrected)::integer as corrected,
           case when g.gives and f.is_sum then m.value end as value,
           case when g.gives and f.is_sum then m.weight end as weight,
           case when g.gives and f.is_sum then abs(m.value) end as amount,
           case when g.gives then u.manager_no end as manager_no
      from measure m
      join unit u using (unit_no)
      join figure f using (figure_no)
     cross join lateral (select coalesce(m.in_base and m.answered, false) as gives) g
     where u.data_year = %(data_year)s and u.territory = any (%(territories)s)
), broken_down as (
    select distinct s.figure_no, c.category_no, s.series, s.statistic = 'median' as is_median, '' as epci
      from series s
      join category c using (breakdown, category)
    union all
    select distinct s.figure_no, c.category_no, s.series, s.statistic = 'median', c.category
      from series s
      join figure f using (figure_no)
      join category c on c.breakdown = 'epci' and c.category <> 'inconnu'
     where s.breakdown = 'all' and 'epci' = any (f.breakdowns)
), summed as (
    -- By every category of a unit: nearly all are asked for, but by EPCI. To look that up once a row cost half of the statement.
    select s.place_no, s.figure_no, c.category_no,
           count(*) as n_scope, sum(s.responded) as n_responded, sum(s.in_base) as n_base, sum(s.gives) as n_item,
           sum(s.corrected) as n_corrected,
           min(s.manager_no) as first_manager, max(s.manager_no) as last_manager, count(s.manager_no) as n_managed,
           sum(s.manager_no) as manager_sum, sum(s.manager_no::bigint * s.manager_no) as manager_squares,
           sum(s.value) as numerator, sum(s.weight) as denominator, max(s.amount) as largest, sum(s.amount) as spread
      from said s
      join unit_category c using (unit_no)
     where s.by_epci or not c.is_epci
     group by s.place_no, s.figure_no, c.category_no
), listed as (
    select s.place_no, s.figure_no, c.category_no, array_agg(s.value order by s.value) as numbers
      from said s
      join unit_category c using (unit_no)
      join broken_down b on b.figure_no = s.figure_no and b.category_no = c.category_no
     where b.is_median and s.value is not null
     group by s.place_no, s.figure_no, c.category_no
), manager as (
    select manager_no, min(manager_key) as manager_key from unit where data_year = %(data_year)s group by manager_no
)
select %(collection)s, %(data_year)s, p.territory, p.departement, b.epci, b.series,
       s.n_scope, s.n_responded, s.n_base, s.n_item, s.n_corrected,
       case when s.n_managed = 0 then 0
            when s.first_manager = s.last_manager then 1
            -- Each manager between the first and the last makes this sum of (manager - first) * (manager - last) smaller.
            when s.manager_squares - (s.first_manager + s.last_manager) * s.manager_sum::numeric
                     + s.n_managed * s.first_manager::numeric * s.last_manager < 0 then 3
            else 2 end,
       l.manager_key, h.manager_key, trim_scale(s.numerator), trim_scale(s.denominator), trim_scale(s.largest), trim_scale(s.spread),
       n.numbers
  from summed s
  join broken_down b using (figure_no, category_no)
  join (select distinct place_no, territory, departement from unit where data_year = %(data_year)s) p using (place_no)
  left join manager l on l.manager_no = s.first_manager
  left join manager h on h.manager_no = s.last_manager
  left join listed n using (place_no, figure_no, category_no);
delete from indicator.part p
 where p.collection = %(collection)s and p.data_year = %(data_year)s and p.departement = any (%(departements)s)
   and p.territory = any (%(territories)s)
   and not exists (select from part_now n
                    where (n.departement, n.territory, n.epci, n.series) = (p.departement, p.territory, p.epci, p.series)
                      and n is not distinct from p);
insert into indicator.part
with missing as materialized (
    select n.*
      from part_now n
      left join indicator.part p
             on p.collection = %(collection)s and p.data_year = %(data_year)s and p.departement = any (%(departements)s)
            and p.territory = any (%(territories)s)
            and p.departement = n.departement and p.territory = n.territory and p.epci = n.epci and p.series = n.series
     where p.collection is null
)
select * from missing order by departement, territory, epci, series

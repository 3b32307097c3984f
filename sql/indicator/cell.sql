-- grain      : one series × touched area in one data year
-- reads      : indicator.part, indicator.region_part, indicator.stored_cell, codebook.collection
-- replaces   : indicator.stored_cell, for the touched areas; adds to the temporary table cell_before those of them that were other or are gone
-- parameters : collection, data_year
--
-- Every level is summed from the same parts. An EPCI has figures from a number of structures in scope on. Reads the
-- temporary tables series, touched and membership. Figures that stay as they are are not written again.
insert into cell_now
with whole as materialized (
    -- There is one, of all départements; a limit says so to the planner.
    select level, area from area_of where level in ('france', 'surveyed') limit 1
), placed as not materialized (
    select a.level, a.area, p.series, p.n_scope, p.n_responded, p.n_base, p.n_item, p.n_corrected, p.n_managers,
           p.first_manager, p.last_manager, p.numerator, p.denominator, p.largest, p.spread, p.numbers
      from indicator.part p
      join area_of a on a.departement = p.departement and a.level in ('departement', 'region_today')
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.epci = ''
       and p.departement = any (array(select departement from area_of where level in ('departement', 'region_today')))
    union all
    select 'epci', p.epci, p.series, p.n_scope, p.n_responded, p.n_base, p.n_item, p.n_corrected, p.n_managers,
           p.first_manager, p.last_manager, p.numerator, p.denominator, p.largest, p.spread, p.numbers
      from indicator.part p
     where p.collection = %(collection)s and p.data_year = %(data_year)s and p.epci <> ''
       and p.epci = any (array(select area from touched where level = 'epci'))
    union all
    select a.level, a.area, p.series, p.n_scope, p.n_responded, p.n_base, p.n_item, p.n_corrected, p.n_managers,
           p.first_manager, p.last_manager, p.numerator, p.denominator, p.largest, p.spread, p.numbers
      from indicator.region_part p
      join (select distinct level, area from area_of where level = 'region') a on a.area = p.region
     where p.collection = %(collection)s and p.data_year = %(data_year)s
       and p.region = any (array(select area from area_of where level = 'region'))
    union all
    select a.level, a.area, p.series, p.n_scope, p.n_responded, p.n_base, p.n_item, p.n_corrected, p.n_managers,
           p.first_manager, p.last_manager, p.numerator, p.denominator, p.largest, p.spread, p.numbers
      from indicator.region_part p
     cross join whole a
     where p.collection = %(collection)s and p.data_year = %(data_year)s
), summed as (
    select p.level, p.area, t.series_shown, t.statistic,
           sum(p.n_scope) as n_scope, sum(p.n_responded) as n_responded, sum(p.n_base) as n_base, sum(p.n_item) as n_item,
           sum(p.n_corrected) as n_corrected, max(p.n_managers) as n_managers, min(p.first_manager) as first_manager,
           max(p.last_manager) as last_manager,
           array_agg(p.first_manager) filter (where p.n_managers in (1, 2))
               || array_agg(p.last_manager) filter (where p.n_managers = 2) as few,
           sum(p.numerator) as numerator, sum(p.denominator) as denominator, max(p.largest) as largest,
           sum(p.spread) as spread
      from placed p
      join series t using (series)
     group by p.level, p.area, t.series_shown, t.statistic
), middle as (
    select p.level, p.area, t.series_shown,
           percentile_cont(0.5) within group (order by x.number::double precision) as median
      from placed p
      join series t on t.series = p.series and t.statistic = 'median'
     cross join unnest(p.numbers) x (number)
     where p.numbers is not null
     group by p.level, p.area, t.series_shown
)
select %(collection)s, %(data_year)s, s.level, s.area, s.series_shown,
       s.n_scope, s.n_responded, s.n_base, s.n_item, s.n_corrected, g.n_managers,
       case s.statistic when 'scope' then s.n_scope
                        when 'count' then s.n_base
                        when 'response' then s.n_responded
                        when 'median' then null
                        else trim_scale(s.numerator) end,
       case when s.statistic = 'response' then s.n_scope
            when s.statistic in ('mean', 'share', 'ratio') then trim_scale(s.denominator) end,
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
        select case when s.n_managers = 3 then 3
                    when s.first_manager is null then 0
                    when s.first_manager = s.last_manager then 1
                    else (select least(3, count(distinct m)) from unnest(s.few) m) end as n_managers) g
  left join middle m using (level, area, series_shown)
 where s.level <> 'epci' or s.n_scope >= k.epci_least;
with gone as (
    delete from indicator.stored_cell c
     where c.collection = %(collection)s and c.data_year = %(data_year)s
       and c.level = any (array(select level from touched)) and c.area = any (array(select area from touched))
       and (c.level, c.area) in (select level, area from touched)
       and not exists (select from cell_now n
                        where (n.level, n.area, n.series) = (c.level, c.area, c.series) and n is not distinct from c)
    returning c.*
)
insert into cell_before select * from gone;
insert into indicator.stored_cell
with missing as materialized (
    select n.*
      from cell_now n
      left join indicator.stored_cell c
             on c.collection = %(collection)s and c.data_year = %(data_year)s
            and c.level = any (array(select level from touched)) and c.area = any (array(select area from touched))
            and c.level = n.level and c.area = n.area and c.series = n.series
     where c.collection is null
)
select * from missing order by level, area, series

-- grain      : one indicator × population × area × category that units give other numbers to than in the vintage before
-- reads      : publication.unit, publication.answer
-- replaces   : nothing
-- parameters : vintage_no, former_no
--
-- What lies between two vintages: units that came or went, and numbers that were corrected. A unit that moved to another
-- category went from one and came to the other. Reads the temporary tables shown and membership.
with said as (
    select x.side, u.unit_id, u.population, u.departement, u.manager, u.categories, a.indicator, a.value, a.weight
      from (values ('before', %(former_no)s::bigint), ('now', %(vintage_no)s::bigint)) x (side, vintage_no)
      join publication.unit u on u.vintage_no = x.vintage_no
      join publication.answer a on a.vintage_no = x.vintage_no and a.unit_no = u.unit_no
), other as (
    select unit_id, indicator
      from said
     group by unit_id, indicator
    having count(*) = 1 or count(distinct (population, departement, categories, value, weight)) > 1
), placed as (
    select s.side, s.unit_id, s.manager, s.indicator, w.shown_as as population, m.level, m.area,
           split_part(c.category, '=', 1) as breakdown, split_part(c.category, '=', 2) as category, s.value, s.weight
      from said s
      join other o using (unit_id, indicator)
      join shown w on w.indicator = s.indicator and w.population = s.population
      join membership m on m.departement = s.departement and (m.complete or m.level in ('region', 'region_today'))
     cross join unnest(s.categories) c (category)
     where m.level <> 'departement' or c.category = 'all=all'
), by_unit as (
    select indicator, population, level, area, breakdown, category, unit_id, max(manager) as manager,
           count(*) filter (where side = 'before') as n_before, count(*) filter (where side = 'now') as n_now,
           coalesce(sum(value) filter (where side = 'now'), 0) - coalesce(sum(value) filter (where side = 'before'), 0) as numerator,
           coalesce(sum(weight) filter (where side = 'now'), 0) - coalesce(sum(weight) filter (where side = 'before'), 0) as denominator
      from placed
     group by indicator, population, level, area, breakdown, category, unit_id
)
select indicator, population, level, area, breakdown, category,
       count(*) filter (where n_before = 0)::integer as n_came, count(*) filter (where n_now = 0)::integer as n_went,
       count(*) filter (where n_before > 0 and n_now > 0)::integer as n_corrected,
       least(3, count(distinct manager) filter (where n_before = 0 or n_now = 0))::integer as n_managers,
       coalesce(case when count(distinct manager) filter (where n_before = 0 or n_now = 0) = 1
                     then min(manager) filter (where n_before = 0 or n_now = 0) end::text, '') as manager,
       sum(numerator)::double precision as numerator, sum(denominator)::double precision as denominator,
       coalesce(max(abs(numerator)) filter (where n_before = 0 or n_now = 0), 0)::double precision as largest,
       coalesce(sum(abs(numerator)) filter (where n_before = 0 or n_now = 0), 0)::double precision as spread
  from by_unit
 where n_before = 0 or n_now = 0 or numerator <> 0 or denominator <> 0
 group by indicator, population, level, area, breakdown, category
 order by indicator, population, level, area, breakdown, category

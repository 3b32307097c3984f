-- grain      : one indicator × population × département of some territories in one data year
-- reads      : national.imputed
-- replaces   : indicator.estimate_part, for those territories in those départements
-- parameters : collection, data_year, territories, departements
--
-- A pool of strata has N units, of which n responded, b of these are in the base and m answered the item. A respondent
-- counts for N / n. What is missing between b and m is imputed: by last year where national.imputed has a value, else by
-- the mean of the m. Variance in two phases, units that respond and respondents that answer (docs/estimates.md):
--   N (N - n) / n · S²z  +  (N / n)² · b (b - m) / m · S²y
-- where z is the amount, 0 for who is out of the base. Reads the temporary tables unit, figure and stratum.
delete from indicator.estimate_part
 where collection = %(collection)s and data_year = %(data_year)s and departement = any (%(departements)s)
   and territory = any (%(territories)s);
insert into indicator.estimate_part
    (collection, data_year, territory, departement, indicator, population, covered, n_scope, n_responded, n_item,
     n_imputed, n_last_year, numerator, denominator, imputed_numerator, imputed_denominator, least, variance, covariance,
     denominator_variance, n_open, degrees)
with sized as (
    select place_no, figure_no, pool, covered, sum(n_scope) as n_scope, sum(n_responded) as n_responded,
           sum(n_base) as n_base, sum(n_item) as n_item, sum(y) as y, sum(x) as x, sum(yy) as yy, sum(yx) as yx,
           sum(xx) as xx, min(least) as least
      from stratum
     group by place_no, figure_no, pool, covered
), imputed as (
    select s.place_no, s.figure_no, s.pool, count(*) as n_imputed, count(m.value) as n_last_year,
           coalesce(sum(m.value), 0) as last_year_y, coalesce(sum(m.weight), 0) as last_year_x
      from national.imputed m
      join unit u on u.data_year = m.data_year and u.territory = m.territory and u.unit_id = m.unit_id
      join figure f on f.indicator = m.indicator and f.population = u.population
      join stratum s on s.place_no = u.place_no and s.figure_no = f.figure_no and s.federated = u.federated
     where m.collection = %(collection)s and m.data_year = %(data_year)s and m.territory = any (%(territories)s)
     group by s.place_no, s.figure_no, s.pool
), known as (
    -- Where nobody is in the base, all amounts are 0 and known.
    select p.place_no, p.figure_no, p.covered, p.n_scope, p.n_responded, p.n_base, p.n_item,
           coalesce(i.n_imputed, 0) as n_imputed, coalesce(i.n_last_year, 0) as n_last_year, p.least,
           coalesce(p.y, 0) as y, coalesce(p.x, 0) as x,
           coalesce(i.last_year_y + (i.n_imputed - i.n_last_year) * p.y / nullif(p.n_item, 0), 0) as imputed_y,
           coalesce(i.last_year_x + (i.n_imputed - i.n_last_year) * p.x / nullif(p.n_item, 0), 0) as imputed_x,
           coalesce(p.y / nullif(p.n_item, 0), 0) as mean_y, coalesce(p.x / nullif(p.n_item, 0), 0) as mean_x,
           coalesce((p.yy - p.y * p.y / nullif(p.n_item, 0)) / nullif(p.n_item - 1, 0), 0) as s_yy,
           coalesce((p.yx - p.y * p.x / nullif(p.n_item, 0)) / nullif(p.n_item - 1, 0), 0) as s_yx,
           coalesce((p.xx - p.x * p.x / nullif(p.n_item, 0)) / nullif(p.n_item - 1, 0), 0) as s_xx
      from sized p
      left join imputed i on i.place_no = p.place_no and i.figure_no = p.figure_no and i.pool = p.pool
), phases as (
    -- What the two sums of squares are multiplied by.
    select k.*,
           n_scope * (n_scope - n_responded) / nullif(n_responded * (n_responded - 1), 0) as of_units,
           n_scope * n_scope * n_base * (n_base - n_item) / nullif(n_responded * n_responded * n_item, 0) as of_items,
           greatest(n_base - 1, 0) as inside,
           n_base * (1 - n_base / nullif(n_responded, 0)) as outside
      from known k
), weighed as (
    select place_no, figure_no, covered, n_scope, n_responded, n_item, n_imputed, n_last_year, least,
           n_responded < n_scope or n_item < n_base as is_open, n_responded - n_base + n_item - 1 as degrees,
           n_scope * (y + imputed_y) / nullif(n_responded, 0) as numerator,
           n_scope * (x + imputed_x) / nullif(n_responded, 0) as denominator,
           n_scope * imputed_y / nullif(n_responded, 0) as imputed_numerator,
           n_scope * imputed_x / nullif(n_responded, 0) as imputed_denominator,
           coalesce(of_units * (inside * s_yy + outside * mean_y * mean_y), 0) + coalesce(of_items * s_yy, 0) as variance,
           coalesce(of_units * (inside * s_yx + outside * mean_y * mean_x), 0) + coalesce(of_items * s_yx, 0) as covariance,
           coalesce(of_units * (inside * s_xx + outside * mean_x * mean_x), 0)
               + coalesce(of_items * s_xx, 0) as denominator_variance
      from phases
)
select %(collection)s, %(data_year)s, p.territory, p.departement, f.indicator, f.population, w.covered,
       sum(w.n_scope), sum(w.n_responded), sum(w.n_item), sum(w.n_imputed), sum(w.n_last_year),
       case when w.covered then sum(w.numerator) end,
       case when w.covered then sum(w.denominator) end,
       case when w.covered then sum(w.imputed_numerator) end,
       case when w.covered then sum(w.imputed_denominator) end,
       case when w.covered then min(w.least) end,
       case when w.covered then sum(w.variance) end,
       case when w.covered then sum(w.covariance) end,
       case when w.covered then sum(w.denominator_variance) end,
       count(*) filter (where w.is_open),
       coalesce(sum(greatest(w.degrees, 0)) filter (where w.is_open), 0)
  from weighed w
  join figure f using (figure_no)
  join (select distinct place_no, territory, departement from unit where data_year = %(data_year)s) p using (place_no)
 group by p.territory, p.departement, f.indicator, f.population, w.covered

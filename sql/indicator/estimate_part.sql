-- grain      : one indicator × population × département of some territories in one data year
-- reads      : national.unit, national.imputed
-- replaces   : indicator.estimate_part, for those territories
-- parameters : collection, data_year, territories
--
-- A pool of strata has N units, of which n responded, b of these are in the base and m answered the item. A respondent
-- counts for N / n. What is missing between b and m is imputed: by last year where national.imputed has a value, else by
-- the mean of the m. Variance in two phases, units that respond and respondents that answer (docs/estimates.md):
--   N (N - n) / n · S²z  +  (N / n)² · b (b - m) / m · S²y
-- where z is the amount, 0 for who is out of the base. Reads the temporary tables item and stratum.
delete from indicator.estimate_part
 where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s);
insert into indicator.estimate_part
    (collection, data_year, territory, departement, indicator, population, covered, n_scope, n_responded, n_item,
     n_imputed, n_last_year, numerator, denominator, imputed_numerator, imputed_denominator, least, variance, covariance,
     denominator_variance, n_open, degrees)
with sized as (
    select territory, departement, population, indicator, pool, covered, sum(n_scope) as n_scope,
           sum(n_responded) as n_responded, sum(n_base) as n_base, sum(n_item) as n_item
      from stratum
     group by territory, departement, population, indicator, pool, covered
), told as (
    select s.territory, s.departement, s.population, s.indicator, s.pool,
           sum(i.value) filter (where i.answered) as y,
           sum(i.weight) filter (where i.answered) as x,
           sum(i.value * i.value) filter (where i.answered) as yy,
           sum(i.value * i.weight) filter (where i.answered) as yx,
           sum(i.weight * i.weight) filter (where i.answered) as xx,
           min(i.value) filter (where i.answered) as least,
           count(m.unit_id) as n_imputed,
           count(m.value) as n_last_year,
           coalesce(sum(m.value), 0) as last_year_y,
           coalesce(sum(m.weight), 0) as last_year_x
      from item i
      join national.unit u
        on u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = i.territory
       and u.unit_id = i.unit_id
      join stratum s
        on s.territory = i.territory and s.departement = i.departement and s.population = i.population
       and s.indicator = i.indicator and s.federated = coalesce(u.federated::text, 'unknown')
      left join national.imputed m
             on m.collection = %(collection)s and m.data_year = %(data_year)s and m.territory = i.territory
            and m.unit_id = i.unit_id and m.indicator = i.indicator
     where i.data_year = %(data_year)s and i.in_base
     group by s.territory, s.departement, s.population, s.indicator, s.pool
), known as (
    -- Where nobody is in the base, all amounts are 0 and known.
    select p.territory, p.departement, p.population, p.indicator, p.covered,
           p.n_scope, p.n_responded, p.n_base, p.n_item,
           coalesce(t.n_imputed, 0) as n_imputed, coalesce(t.n_last_year, 0) as n_last_year, t.least,
           coalesce(t.y, 0) as y, coalesce(t.x, 0) as x,
           coalesce(t.last_year_y + (t.n_imputed - t.n_last_year) * t.y / p.n_item, 0) as imputed_y,
           coalesce(t.last_year_x + (t.n_imputed - t.n_last_year) * t.x / p.n_item, 0) as imputed_x,
           coalesce(t.y / p.n_item, 0) as mean_y, coalesce(t.x / p.n_item, 0) as mean_x,
           coalesce((t.yy - t.y * t.y / p.n_item) / nullif(p.n_item - 1, 0), 0) as s_yy,
           coalesce((t.yx - t.y * t.x / p.n_item) / nullif(p.n_item - 1, 0), 0) as s_yx,
           coalesce((t.xx - t.x * t.x / p.n_item) / nullif(p.n_item - 1, 0), 0) as s_xx
      from sized p
      left join told t
             on t.territory = p.territory and t.departement = p.departement and t.population = p.population
            and t.indicator = p.indicator and t.pool = p.pool and p.n_item > 0
), weighed as (
    select k.*,
           n_scope * (n_scope - n_responded) / nullif(n_responded, 0) as of_units,
           n_scope * n_scope * n_base * (n_base - n_item) / nullif(n_responded * n_responded * n_item, 0) as of_items,
           greatest(n_base - 1, 0) as within,
           n_base * (1 - n_base / nullif(n_responded, 0)) as between_base
      from known k
)
select %(collection)s, %(data_year)s, territory, departement, indicator, population, covered,
       sum(n_scope), sum(n_responded), sum(n_item), sum(n_imputed), sum(n_last_year),
       case when covered then sum(n_scope * (y + imputed_y) / n_responded) end,
       case when covered then sum(n_scope * (x + imputed_x) / n_responded) end,
       case when covered then sum(n_scope * imputed_y / n_responded) end,
       case when covered then sum(n_scope * imputed_x / n_responded) end,
       case when covered then min(least) end,
       case when covered then sum(coalesce(of_units * (within * s_yy + between_base * mean_y * mean_y)
                                           / nullif(n_responded - 1, 0), 0) + coalesce(of_items * s_yy, 0)) end,
       case when covered then sum(coalesce(of_units * (within * s_yx + between_base * mean_y * mean_x)
                                           / nullif(n_responded - 1, 0), 0) + coalesce(of_items * s_yx, 0)) end,
       case when covered then sum(coalesce(of_units * (within * s_xx + between_base * mean_x * mean_x)
                                           / nullif(n_responded - 1, 0), 0) + coalesce(of_items * s_xx, 0)) end,
       count(*) filter (where n_responded < n_scope or n_item < n_base),
       coalesce(sum(greatest(n_responded - n_base + n_item - 1, 0))
                    filter (where n_responded < n_scope or n_item < n_base), 0)
  from weighed
 group by territory, departement, indicator, population, covered

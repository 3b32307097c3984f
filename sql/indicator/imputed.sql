-- grain      : one respondent of some territories × indicator that it left out
-- reads      : national.unit, codebook.indicator_year
-- replaces   : national.imputed, for those territories
-- parameters : collection, data_year, territories
--
-- Amounts are those of the year before, times what the units of the same population and département that answered in
-- both years (five at least) have moved by; where these have halved or doubled it is more likely what was counted that
-- changed. Everything else, codes above all, is counted like the mean of its stratum. Reads the temporary tables item
-- and stratum.
delete from national.imputed
 where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s);
insert into national.imputed (collection, data_year, territory, unit_id, indicator, method, value, weight)
with before as (
    select distinct on (b.unit_id, b.population, b.indicator) b.unit_id, b.population, b.indicator, b.value, b.weight
      from item b
      join codebook.indicator_year y
        on y.collection = %(collection)s and y.data_year = %(data_year)s and y.indicator = b.indicator
     where b.data_year = %(data_year)s - 1 and b.in_base and b.answered and y.comparability <> 'break'
       and b.statistic in ('total', 'mean', 'ratio')
     order by b.unit_id, b.population, b.indicator, b.territory
), trend as (
    select i.territory, i.departement, i.population, i.indicator,
           sum(i.value) / sum(b.value) as of_value, sum(i.weight) / sum(b.weight) as of_weight
      from item i
      join before b on b.unit_id = i.unit_id and b.population = i.population and b.indicator = i.indicator
     where i.data_year = %(data_year)s and i.in_base and i.answered
     group by i.territory, i.departement, i.population, i.indicator
    having count(*) >= 5
       and sum(b.value) > 0 and sum(i.value) between sum(b.value) / 2 and sum(b.value) * 2
       and sum(b.weight) > 0 and sum(i.weight) between sum(b.weight) / 2 and sum(b.weight) * 2
)
select %(collection)s, %(data_year)s, i.territory, i.unit_id, i.indicator,
       case when t.indicator is null or b.indicator is null then 'stratum' else 'last_year' end,
       round(b.value * t.of_value, 6), round(b.weight * t.of_weight, 6)
  from item i
  join national.unit u
    on u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = i.territory
   and u.unit_id = i.unit_id
  join stratum s
    on s.territory = i.territory and s.departement = i.departement and s.population = i.population
   and s.indicator = i.indicator and s.federated = coalesce(u.federated::text, 'unknown') and s.covered
  left join before b on b.unit_id = i.unit_id and b.population = i.population and b.indicator = i.indicator
  left join trend t
         on t.territory = i.territory and t.departement = i.departement and t.population = i.population
        and t.indicator = i.indicator
 where i.data_year = %(data_year)s and i.in_base and not i.answered

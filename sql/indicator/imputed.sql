-- grain      : one respondent of some territories × indicator that it left out
-- reads      : codebook.indicator_year
-- replaces   : national.imputed, for those territories
-- parameters : collection, data_year, territories
--
-- Amounts are those of the year before, times what the units of the same population and département that answered in
-- both years (five at least) have moved by; where these have halved or doubled it is more likely what was counted that
-- changed. Everything else, codes above all, is counted like the mean of its stratum. Reads the temporary tables pair,
-- unit, measure, figure and stratum.
delete from national.imputed
 where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s);
insert into national.imputed (collection, data_year, territory, unit_id, indicator, method, value, weight)
with comparable as (
    select u.unit_no, u.place_no, b.figure_no, b.value, b.weight
      from pair p
      join unit u using (unit_no)
      join measure b on b.unit_no = p.unit_no_before
      join figure f on f.figure_no = b.figure_no
      join codebook.indicator_year y
        on y.collection = %(collection)s and y.data_year = %(data_year)s and y.indicator = f.indicator
     where b.in_base and b.answered and f.statistic in ('total', 'mean', 'ratio') and y.comparability <> 'break'
), trend as (
    select b.place_no, b.figure_no, sum(n.value) / sum(b.value) as of_value, sum(n.weight) / sum(b.weight) as of_weight
      from comparable b
      join measure n on n.unit_no = b.unit_no and n.figure_no = b.figure_no
     where n.in_base and n.answered
     group by b.place_no, b.figure_no
    having count(*) >= 5
       and sum(b.value) > 0 and sum(n.value) between sum(b.value) / 2 and sum(b.value) * 2
       and sum(b.weight) > 0 and sum(n.weight) between sum(b.weight) / 2 and sum(b.weight) * 2
)
select %(collection)s, %(data_year)s, u.territory, u.unit_id, f.indicator,
       case when t.figure_no is null then 'stratum' else 'last_year' end,
       round(b.value * t.of_value, 6), round(b.weight * t.of_weight, 6)
  from unit u
  join measure n on n.unit_no = u.unit_no
  join figure f on f.figure_no = n.figure_no
  join stratum s
    on s.place_no = u.place_no and s.figure_no = n.figure_no and s.federated = u.federated and s.covered
  left join comparable b on b.unit_no = u.unit_no and b.figure_no = n.figure_no
  left join trend t on t.place_no = b.place_no and t.figure_no = b.figure_no
 where u.data_year = %(data_year)s and n.in_base and not n.answered

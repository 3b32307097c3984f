-- grain      : one population × member of the federation or not × département of some territories × indicator
-- reads      : nothing but the tables of the refresh
-- replaces   : nothing; adds to the temporary table stratum
-- parameters : data_year
--
-- Where too few of a stratum's units responded, or of its respondents answered the item, it is pooled with the other
-- strata of its département of which that is so, then with the smallest of the rest, until the pool holds enough. A
-- département whose strata all together do not is not covered. Reads the temporary tables unit, measure and figure.
insert into stratum
with counted as (
    select u.place_no, m.figure_no, u.federated,
           count(*) as n_scope,
           count(*) filter (where u.responded) as n_responded,
           count(*) filter (where m.in_base) as n_base,
           count(*) filter (where m.in_base and m.answered) as n_item,
           sum(m.value) filter (where m.in_base and m.answered) as y,
           sum(m.weight) filter (where m.in_base and m.answered) as x,
           sum(m.value * m.value) filter (where m.in_base and m.answered) as yy,
           sum(m.value * m.weight) filter (where m.in_base and m.answered) as yx,
           sum(m.weight * m.weight) filter (where m.in_base and m.answered) as xx,
           min(m.value) filter (where m.in_base and m.answered) as least
      from unit u
      join measure m using (unit_no)
      join figure f using (figure_no)
     where u.data_year = %(data_year)s and f.statistic in ('count', 'total', 'mean', 'share', 'ratio')
     group by u.place_no, m.figure_no, u.federated
), judged as (
    select c.*, indicator.too_few(n_scope, n_responded) or indicator.too_few(n_base, n_item) as is_poor
      from counted c
), cumulated as (
    select j.*, row_number() over upwards as place,
           count(*) filter (where is_poor) over own as n_poor,
           sum(n_scope) over upwards as pooled_scope, sum(n_responded) over upwards as pooled_responded,
           sum(n_base) over upwards as pooled_base, sum(n_item) over upwards as pooled_item,
           sum(n_scope) over own as all_scope, sum(n_responded) over own as all_responded,
           sum(n_base) over own as all_base, sum(n_item) over own as all_item
      from judged j
    window own as (partition by place_no, figure_no),
           upwards as (partition by place_no, figure_no order by is_poor desc, n_scope, federated rows unbounded preceding)
), pooled as (
    select c.*,
           min(place) filter (where place >= n_poor
                                and not indicator.too_few(pooled_scope::bigint, pooled_responded::bigint)
                                and not indicator.too_few(pooled_base::bigint, pooled_item::bigint))
               over (partition by place_no, figure_no) as last_place
      from cumulated c
)
select place_no, figure_no, federated,
       case when n_poor > 0 and place <= coalesce(last_place, place) then 'together' else federated end,
       last_place is not null
           or (all_responded >= 3 or all_responded = all_scope) and (all_item >= 3 or all_item = all_base),
       n_scope, n_responded, n_base, n_item, y, x, yy, yx, xx, least
  from pooled;
analyze stratum

-- grain      : one figure that was there before this refresh and is another one now
-- reads      : indicator.cell
-- replaces   : nothing; adds to indicator.change
-- parameters : collection, data_year, method_changed
--
-- Several reasons where several hold: a late reply that comes together with another codebook is both. Reads the temporary
-- table figure_before.
insert into indicator.change
    (collection, data_year, indicator, population, level, area, breakdown, category, reasons, value_before, value_after,
     n_scope_before, n_scope_after, n_responded_before, n_responded_after, n_item_before, n_item_after)
select %(collection)s, %(data_year)s, b.indicator, b.population, b.level, b.area, b.breakdown, b.category, r.reasons,
       b.value, c.value, b.n_scope, c.n_scope, b.n_responded, c.n_responded, b.n_item, c.n_item
  from figure_before b
  left join indicator.cell c
         on c.collection = %(collection)s and c.data_year = %(data_year)s and c.level = b.level and c.area = b.area
        and c.indicator = b.indicator and c.population = b.population and c.breakdown = b.breakdown
        and c.category = b.category
 cross join lateral (
        select b.n_scope is distinct from c.n_scope as others_in_scope,
               (b.n_responded, b.n_item) is distinct from (c.n_responded, c.n_item) as others_answered,
               b.n_corrected < c.n_corrected as more_corrected) d
 cross join lateral (
        select array_remove(array[
                   case when d.more_corrected or not (d.others_in_scope or d.others_answered or %(method_changed)s)
                        then 'correction' end,
                   case when d.others_answered then 'late_reply' end,
                   case when %(method_changed)s then 'method' end,
                   case when d.others_in_scope then 'perimeter' end], null) as reasons) r
 where (b.value, b.n_scope, b.n_responded, b.n_item) is distinct from (c.value, c.n_scope, c.n_responded, c.n_item)
 order by b.level, b.area, b.indicator, b.population, b.breakdown, b.category

-- grain      : one figure that was there before this refresh and is another one now
-- reads      : codebook.breakdown, indicator.series
-- replaces   : nothing; adds to indicator.change
-- parameters : collection, data_year, method_changed
--
-- Several reasons where several hold: a late reply that comes together with another codebook is both. By a breakdown that
-- units declare themselves, a reply moves its unit from `inconnu` to a category: that is no other perimeter. Reads the temporary
-- tables cell_before and cell_now.
insert into indicator.change
    (collection, data_year, indicator, population, level, area, breakdown, category, reasons, value_before, value_after,
     n_scope_before, n_scope_after, n_responded_before, n_responded_after, n_item_before, n_item_after)
select %(collection)s, %(data_year)s, i.indicator, i.population, b.level, b.area, i.breakdown, i.category, r.reasons,
       b.value, n.value, b.n_scope, n.n_scope, b.n_responded, n.n_responded, b.n_item, n.n_item
  from cell_before b
  join indicator.series i using (series)
  left join cell_now n using (level, area, series)
 cross join lateral (
        select exists (select from codebook.breakdown k
                        where k.collection = %(collection)s and k.breakdown = i.breakdown and not k.of_register) as is_declared) k
 cross join lateral (
        select b.n_scope is distinct from n.n_scope and not k.is_declared as others_in_scope,
               (b.n_responded, b.n_item) is distinct from (n.n_responded, n.n_item)
                   or k.is_declared and b.n_scope is distinct from n.n_scope as others_answered,
               b.n_corrected < n.n_corrected as more_corrected) d
 cross join lateral (
        select array_remove(array[
                   case when d.more_corrected or not (d.others_in_scope or d.others_answered or %(method_changed)s)
                        then 'correction' end,
                   case when d.others_answered then 'late_reply' end,
                   case when %(method_changed)s then 'method' end,
                   case when d.others_in_scope then 'perimeter' end], null) as reasons) r
 where (b.value, b.n_scope, b.n_responded, b.n_item) is distinct from (n.value, n.n_scope, n.n_responded, n.n_item)
 order by b.level, b.area, i.indicator, i.population, i.breakdown, i.category

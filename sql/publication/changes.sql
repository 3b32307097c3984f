-- grain      : one figure that is another one than in the vintage before
-- reads      : publication.vintage, publication.stored_figure
-- replaces   : nothing; adds to publication.change
-- parameters : vintage_no, former_no
--
-- Other units in scope are the perimeter, other numbers of answers a late reply, the same ones a correction; where codebook
-- or code are others and nothing else is, the method. Where a figure is hidden in one of them nothing else is said of it.
insert into publication.change (vintage_no, level, area, series, reasons, before, after)
select %(vintage_no)s, level, area, series,
       case when n.status = 'hidden' or b.status = 'hidden' then array['disclosure']
            else array_remove(array[case when d.perimeter then 'perimeter' end,
                                    case when d.late_reply then 'late_reply' end,
                                    case when d.method then 'method' end,
                                    case when not (d.perimeter or d.late_reply or d.method) then 'correction' end], null) end,
       b.value, n.value
  from (select * from publication.stored_figure where vintage_no = %(vintage_no)s) n
  full join (select * from publication.stored_figure where vintage_no = %(former_no)s) b using (level, area, series)
 cross join lateral (
        select n.n_scope is distinct from b.n_scope as perimeter,
               (n.n_responded, n.n_item) is distinct from (b.n_responded, b.n_item) as late_reply,
               (select count(distinct (v.codebook, v.code)) > 1 from publication.vintage v
                 where v.vintage_no in (%(vintage_no)s, %(former_no)s)) as method) d
 where (n.status, n.value, n.n_base, n.n_item) is distinct from (b.status, b.value, b.n_base, b.n_item)

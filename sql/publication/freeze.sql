-- grain      : one figure of a vintage; one area; one structure; one export
-- reads      : publication.area, indicator.stored_cell, indicator.estimate, indicator.series, codebook.breakdown, codebook.indicator, national.unit, reference.structure, reference.commune, department.delivery, intake.receipt, intake.export
-- replaces   : nothing; adds to publication.stored_figure, publication.structure and publication.file
-- parameters : collection, data_year, vintage_no
--
-- Reads the temporary table hidden_figure and publication.area. What counts structures by a category that they declare
-- themselves is left out, and so are n_scope and n_responded of that category: they would tell of a share that is hidden.
insert into publication.stored_figure
    (vintage_no, level, area, series, status, n_scope, n_responded, n_base, n_item, value, estimate, estimate_low, estimate_high)
select %(vintage_no)s, c.level, c.area, c.series,
       case when h.series is not null then 'hidden' when c.n_base = 0 then 'no_base' when c.value is null then 'no_answer'
            else 'value' end,
       coalesce(w.n_scope, c.n_scope), coalesce(w.n_responded, c.n_responded),
       case when h.series is null then c.n_base end, case when h.series is null then c.n_item end,
       case when h.series is null then c.value end,
       case when h.series is null then e.value end, case when h.series is null then e.low end,
       case when h.series is null then e.high end
  from indicator.stored_cell c
  join indicator.series s on s.series = c.series
  join codebook.indicator i on i.collection = s.collection and i.indicator = s.indicator
  join publication.area a on a.vintage_no = %(vintage_no)s and a.level = c.level and a.area = c.area and a.shown
  left join codebook.breakdown b on b.collection = s.collection and b.breakdown = s.breakdown and not b.of_register
  left join indicator.stored_cell w
         on b.breakdown is not null and w.collection = c.collection and w.data_year = c.data_year and w.level = c.level
        and w.area = c.area and w.series = indicator.series_of(s.collection, s.indicator, s.population, 'all', 'all')
  left join hidden_figure h on h.level = c.level and h.area = c.area and h.series = c.series
  left join indicator.estimate e
         on c.level in ('france', 'surveyed') and s.breakdown = 'all' and e.collection = c.collection
        and e.data_year = c.data_year and e.level = c.level and e.area = c.area and e.indicator = s.indicator
        and e.population = s.population
 where c.collection = %(collection)s and c.data_year = %(data_year)s
   and (c.level <> 'departement' or s.breakdown = 'all')
   and not (b.breakdown is not null and i.statistic in ('scope', 'count', 'response') and i.where_variable is null);
insert into publication.structure (vintage_no, structure_id, population, departement, commune, name)
select %(vintage_no)s, r.structure_id, r.population, r.departement,
       coalesce((select c.name from reference.commune c
                  where c.code = r.commune and c.valid_from <= make_date(r.data_year, 12, 31)
                  order by c.valid_from desc limit 1), ''), r.name
  from national.unit u
  join reference.structure r on r.data_year = u.data_year and r.structure_id = u.unit_id
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.in_scope;
insert into publication.file (vintage_no, territory, sha256, file_name, received_on)
select %(vintage_no)s, d.territory, d.sha256,
       concat(d.collection, '-', d.data_year, '-', d.territory,
              (select lower(substring(i.file_name from '\.[A-Za-z0-9]+$')) from intake.receipt i
                where i.collection = d.collection and i.data_year = d.data_year and i.territory = d.territory and i.sha256 = d.sha256
                order by i.received_at limit 1)),
       (e.first_received at time zone 'Europe/Paris')::date
  from department.delivery d
  join intake.export e on e.sha256 = d.sha256
 where d.collection = %(collection)s and d.data_year = %(data_year)s

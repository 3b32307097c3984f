-- grain      : one figure of a vintage
-- reads      : publication.stored_figure, indicator.series
-- replaces   : nothing
-- parameters : vintage_no, broken_down
--
-- Without `broken_down`, those of everybody only.
select s.indicator, s.population, f.level, f.area, s.breakdown, s.category, f.status, f.n_scope, f.n_responded, f.n_base, f.n_item,
       f.value, f.estimate, f.estimate_low, f.estimate_high
  from publication.stored_figure f
  join indicator.series s using (series)
 where f.vintage_no = %(vintage_no)s and (%(broken_down)s or s.breakdown = 'all')
 order by s.indicator, s.population, f.level, f.area, s.breakdown, s.category

-- grain      : one figure that is another one than in the vintage before
-- reads      : publication.change, indicator.series
-- replaces   : nothing
-- parameters : vintage_no
select s.indicator, s.population, c.level, c.area, s.breakdown, s.category, c.reasons, c.before, c.after
  from publication.change c
  join indicator.series s using (series)
 where c.vintage_no = %(vintage_no)s
 order by s.indicator, s.population, c.level, c.area, s.breakdown, s.category

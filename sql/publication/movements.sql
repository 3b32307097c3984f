-- grain      : one indicator × population of the whole, far from the year before's
-- reads      : publication.stored_figure, publication.vintage, publication.release, indicator.series, codebook.indicator
-- replaces   : nothing
-- parameters : vintage_no, compared_with, most
--
-- What is told of both: the newest vintage of the year compared with. The furthest first, as a share of the earlier value.
with former as (
    select f.series, f.value
      from publication.vintage n
      join publication.vintage v on v.collection = n.collection and v.data_year = %(compared_with)s
      join publication.release r on r.vintage_no = v.vintage_no
      join publication.stored_figure f on f.vintage_no = v.vintage_no and f.level in ('france', 'surveyed')
     where n.vintage_no = %(vintage_no)s
       and v.number = (select max(o.number) from publication.vintage o join publication.release p using (vintage_no)
                        where o.collection = v.collection and o.data_year = v.data_year)
)
select s.indicator, i.label, s.population, b.value::double precision as before, f.value::double precision as after,
       ((f.value - b.value) / abs(b.value))::double precision as share
  from publication.stored_figure f
  join former b using (series)
  join indicator.series s using (series)
  join codebook.indicator i on i.collection = s.collection and i.indicator = s.indicator
 where f.vintage_no = %(vintage_no)s and f.level in ('france', 'surveyed') and s.breakdown = 'all' and b.value <> 0
   and f.value is not null
 order by abs((f.value - b.value) / b.value) desc, i.position, s.population
 limit %(most)s

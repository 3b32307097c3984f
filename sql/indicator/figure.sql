-- grain      : one indicator × population
-- reads      : codebook.indicator, codebook.indicator_year, codebook.collection, codebook.population
-- replaces   : nothing; adds to the temporary tables figure and shown
-- parameters : collection, data_year
insert into figure
select row_number() over (order by i.position, p.position), i.indicator, p.population, i.statistic,
       i.statistic not in ('scope', 'count', 'response'),
       array['all'] || i.breakdowns || case when i.by_epci then array['epci'] end
  from codebook.indicator i
  join codebook.population p using (collection)
 where i.collection = %(collection)s;
-- Each population, and all of them together where nobody is left out.
insert into shown
select i.indicator, i.statistic, p.population, s.shown_as
  from codebook.indicator i
  join codebook.collection k using (collection)
  join codebook.indicator_year y using (collection, indicator)
 cross join unnest(y.populations) p (population)
 cross join lateral (
        select p.population as shown_as
        union all
        select k.pooled_population
         where i.pooled and not exists (select from codebook.population o
                                         where o.collection = i.collection and o.population <> all (y.populations))) s
 where i.collection = %(collection)s and y.data_year = %(data_year)s;
analyze figure;
analyze shown

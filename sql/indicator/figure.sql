-- grain      : one indicator × population
-- reads      : codebook.indicator, codebook.population
-- replaces   : nothing; adds to the temporary table figure
-- parameters : collection
insert into figure
select row_number() over (order by i.position, p.position), i.indicator, p.population, i.statistic,
       i.statistic not in ('scope', 'count', 'response'),
       array['all'] || i.breakdowns || case when i.by_epci then array['epci'] end
  from codebook.indicator i
  join codebook.population p using (collection)
 where i.collection = %(collection)s

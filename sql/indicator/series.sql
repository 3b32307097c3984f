-- grain      : one figure × category × population that it is told of
-- reads      : codebook.breakdown, codebook.category, indicator.series
-- replaces   : nothing; adds to the temporary table series and, what is new, to indicator.series
-- parameters : collection
--
-- By all the categories that there can be. Reads the temporary tables figure and shown.
insert into series
with category as (
    select 'all' as breakdown, 'all' as category
    union all
    select breakdown, category from codebook.category where collection = %(collection)s
    union all
    select breakdown, 'inconnu' from codebook.breakdown where collection = %(collection)s
)
select indicator.series_of(%(collection)s, f.indicator, f.population, c.breakdown, c.category), f.figure_no, c.breakdown,
       c.category, f.statistic, indicator.series_of(%(collection)s, f.indicator, s.shown_as, c.breakdown, c.category)
  from shown s
  join figure f using (indicator, population)
  join category c on c.breakdown = any (f.breakdowns);
insert into indicator.series (series, collection, indicator, population, breakdown, category)
select distinct t.series_shown, %(collection)s, h.indicator, h.shown_as, t.breakdown, t.category
  from series t
  join figure f using (figure_no)
  join shown h on h.indicator = f.indicator and h.population = f.population
              and indicator.series_of(%(collection)s, h.indicator, h.shown_as, t.breakdown, t.category) = t.series_shown
 where t.series_shown not in (select series from indicator.series)
 -- In one order, so that two years that name the same anew wait for each other and not both.
 order by 1
    on conflict do nothing;
analyze series

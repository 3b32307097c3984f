-- grain      : one change of a figure of everyone in an area
-- reads      : indicator.change, indicator.stored_cell, codebook.indicator
-- replaces   : nothing
-- parameters : collection, data_year, indicator, area, most
--
-- The latest first. A figure that is gone is confidential: nobody says any more whether it was. A parameter that is null
-- leaves nothing out.
select c.at, c.indicator, i.unit, i.decimals, c.population, c.level, c.area, c.reasons,
       f.confidential is not false as confidential, c.value_before::double precision as value_before,
       c.value_after::double precision as value_after,
       c.n_item_before, c.n_item_after, c.n_responded_before, c.n_responded_after
  from indicator.change c
  join codebook.indicator i using (collection, indicator)
  left join indicator.stored_cell f
         on f.collection = c.collection and f.data_year = c.data_year and f.level = c.level and f.area = c.area
        and f.series = indicator.series_of(c.collection, c.indicator, c.population, c.breakdown, c.category)
 where c.collection = %(collection)s and c.data_year = %(data_year)s and c.breakdown = 'all'
   and c.indicator = coalesce(%(indicator)s::text, c.indicator) and c.area = coalesce(%(area)s::text, c.area)
 order by c.change_no desc
 limit %(most)s

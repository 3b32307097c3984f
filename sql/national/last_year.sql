-- grain      : one unit × one variable of the year before, in the territories named
-- reads      : national.observation
-- replaces   : nothing
-- parameters : collection, territory, data_year, territories
select distinct on (unit_id, variable)
       unit_id, variable, number::double precision as number, coalesce(code, text) as word
  from national.observation
 where collection = %(collection)s and data_year = %(data_year)s - 1
   and territory = any(%(territories)s)
   and (number is not null or code is not null or text is not null)
 order by unit_id, variable, territory = %(territory)s desc, territory

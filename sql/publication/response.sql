-- grain      : one population
-- reads      : national.unit
-- replaces   : nothing
-- parameters : collection, data_year
select population, count(*)::integer as n_scope, count(*) filter (where responded)::integer as n_responded
  from national.unit
 where collection = %(collection)s and data_year = %(data_year)s and in_scope
 group by population
 order by population

-- grain      : one unit in scope × indicator of some territories in one data year
-- reads      : national.unit, national.observation, codebook.indicator, codebook.indicator_year
-- replaces   : nothing; adds to the temporary table item
-- parameters : collection, data_year, territories
--
-- What a unit says to a figure: `value` over `weight`. Units that the question is not for are out of the base.
insert into item
with asked as (
    select i.indicator, i.statistic, i.variable, i.codes, i.denominator, i.where_variable, i.where_codes, p.population
      from codebook.indicator i
      join codebook.indicator_year y using (collection, indicator)
     cross join unnest(y.populations) p (population)
     where i.collection = %(collection)s and y.data_year = %(data_year)s
), observed as materialized (
    select territory, unit_id, variable, number, code, status, status in ('corrected', 'confirmed') as corrected
      from national.observation
     where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s)
       and variable = any (array(select variable from asked union select denominator from asked
                                 union select where_variable from asked))
)
select %(data_year)s, u.territory, u.departement, u.unit_id, u.population, a.indicator, a.statistic, u.manager, u.responded,
       a.statistic in ('scope', 'response')
           or u.responded and (a.where_variable is null or w.code = any (a.where_codes))
              and coalesce(v.status, '') not in ('not_asked', 'not_concerned')
              and coalesce(d.status, '') not in ('not_asked', 'not_concerned'),
       case when a.statistic in ('scope', 'count', 'response') then true
            when a.statistic = 'share' then v.code is not null
            when a.statistic = 'ratio' then v.number is not null and d.number is not null
            else v.number is not null end,
       coalesce(v.corrected, false) or coalesce(d.corrected, false) or coalesce(w.corrected, false),
       case when a.statistic in ('scope', 'count', 'response') then 1
            when a.statistic = 'share' then case when v.code = any (a.codes) then 1 else 0 end
            else v.number end,
       case when a.statistic = 'ratio' then d.number else 1 end
  from asked a
  join national.unit u
    on u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = any (%(territories)s)
   and u.in_scope and u.population = a.population
  left join observed v on v.territory = u.territory and v.unit_id = u.unit_id and v.variable = a.variable
  left join observed d on d.territory = u.territory and d.unit_id = u.unit_id and d.variable = a.denominator
  left join observed w on w.territory = u.territory and w.unit_id = u.unit_id and w.variable = a.where_variable

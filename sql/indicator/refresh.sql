-- grain      : one indicator × population × area in one data year
-- reads      : national.unit, national.observation, codebook.indicator, codebook.question, codebook.collection, reference.campaign_departement, reference.departement, department.delivery
-- replaces   : indicator.cell, for that collection and data year
-- parameters : collection, data_year
--
-- Département, region and the whole come from the same rows in the same statement. A region, and France, are only
-- written when every one of their départements is loaded; until then the whole is the level `surveyed`. Units of no
-- known département are the area ZZ, so that the départements and the regions of a complete whole add up to it.
-- Units that the question is not for are out of the base; a population that it is not asked of has no cell.
delete from indicator.cell
 where collection = %(collection)s and data_year = %(data_year)s;
insert into indicator.cell
    (collection, data_year, indicator, population, level, area, n_scope, n_responded, n_base, n_item,
     n_managers, numerator, denominator, value, confidential)
with loaded as (
    select d.code, case when %(data_year)s <= 2015 then d.region_1970 else d.region_2016 end as region,
           l.territory is not null as is_loaded
      from reference.departement d
      left join reference.campaign_departement c
             on c.collection = %(collection)s and c.data_year = %(data_year)s and c.departement = d.code
      left join department.delivery l
             on l.collection = c.collection and l.data_year = c.data_year and l.territory = c.territory
     where d.zone <> 'com'
), complete_region as (
    select region from loaded group by region having bool_and(is_loaded)
), whole as (
    select case when bool_and(is_loaded) then 'france' else 'surveyed' end as level,
           case when bool_and(is_loaded) then 'FR' else '*' end as area
      from loaded
), asked as (
    -- Each indicator with each population that its question is asked of; a derived variable is no question.
    select i.indicator, i.statistic, i.variable, i.codes, i.denominator, i.where_variable, i.where_codes, p.population
      from codebook.indicator i
     cross join (select distinct population
                   from national.unit
                  where collection = %(collection)s and data_year = %(data_year)s) p
     where i.collection = %(collection)s
       and (i.variable is null
            or exists (select from codebook.question q
                        where q.collection = i.collection and q.data_year = %(data_year)s and q.variable = i.variable
                          and (q.populations is null or p.population = any (q.populations)))
            or not exists (select from codebook.question q
                            where q.collection = i.collection and q.variable = i.variable))
), observed as materialized (
    select territory, unit_id, variable, number, code, status
      from national.observation
     where collection = %(collection)s and data_year = %(data_year)s
       and variable = any (array(select variable from asked union select denominator from asked
                                 union select where_variable from asked))
), item as (
    select a.indicator, a.statistic, u.population, u.departement, u.region, u.manager, u.responded,
           u.responded and (a.where_variable is null or w.code = any (a.where_codes))
               and coalesce(v.status, '') not in ('not_asked', 'not_concerned')
               and coalesce(d.status, '') not in ('not_asked', 'not_concerned') as in_base,
           case when a.statistic = 'count' then 1
                when a.statistic = 'share' then case when v.code = any (a.codes) then 1 else 0 end
                else v.number end as value,
           case a.statistic when 'ratio' then d.number else 1 end as weight,
           case a.statistic when 'count' then true
                            when 'share' then v.code is not null
                            when 'ratio' then v.number is not null and d.number is not null
                            else v.number is not null end as answered
      from asked a
      join national.unit u
        on u.collection = %(collection)s and u.data_year = %(data_year)s and u.in_scope and u.population = a.population
      left join observed v on v.territory = u.territory and v.unit_id = u.unit_id and v.variable = a.variable
      left join observed d on d.territory = u.territory and d.unit_id = u.unit_id and d.variable = a.denominator
      left join observed w on w.territory = u.territory and w.unit_id = u.unit_id and w.variable = a.where_variable
), summed as (
    select indicator, statistic, population, departement, region,
           grouping(departement) = 0 as by_departement, grouping(region) = 0 as by_region,
           count(*) as n_scope,
           count(*) filter (where responded) as n_responded,
           count(*) filter (where in_base) as n_base,
           count(*) filter (where in_base and answered) as n_item,
           count(distinct manager) filter (where in_base and answered) as n_managers,
           sum(value) filter (where in_base and answered) as numerator,
           sum(weight) filter (where in_base and answered) as denominator,
           max(abs(value)) filter (where in_base and answered) as largest,
           sum(abs(value)) filter (where in_base and answered) as spread,
           percentile_cont(0.5) within group (order by value::double precision)
               filter (where in_base and answered and statistic = 'median') as median
      from item
     group by grouping sets ((indicator, statistic, population, departement),
                             (indicator, statistic, population, region),
                             (indicator, statistic, population))
)
select %(collection)s::text, %(data_year)s::smallint, s.indicator, s.population,
       case when s.by_departement then 'departement' when s.by_region then 'region' else w.level end,
       case when s.by_departement then s.departement when s.by_region then s.region else w.area end,
       s.n_scope, s.n_responded, s.n_base, s.n_item, s.n_managers,
       case when s.statistic = 'median' then null when s.statistic = 'count' then s.n_base else s.numerator end,
       case when s.statistic in ('mean', 'share', 'ratio') then s.denominator end,
       round(case s.statistic when 'count' then s.n_base
                        when 'total' then s.numerator
                        when 'median' then s.median::numeric
                        else s.numerator / nullif(s.denominator, 0) end, 6),
       k.disclosure = 'protected'
           and s.n_item > 0
           and (s.n_item < 3 or s.n_managers < 3
                or (s.statistic in ('total', 'mean', 'ratio') and s.largest > 0.85 * s.spread))
  from summed s
  cross join whole w
  join codebook.collection k on k.collection = %(collection)s
 where not s.by_region or exists (select from complete_region c where c.region = s.region)
    or s.region = 'ZZ' and w.level = 'france'

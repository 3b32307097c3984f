-- grain      : one unit in scope × figure of some territories in one data year
-- reads      : national.unit, national.observation, codebook.indicator, codebook.indicator_year
-- replaces   : nothing; adds to the temporary tables unit and measure
-- parameters : collection, data_year, territories
--
-- What a unit says to a figure: `value` over `weight`. Units that the question is not for are out of the base. 12.0 is 12: of
-- equal numbers it must not matter which is met first. Variables are joined, which is hashed; a list would be gone through
-- for each observation. Reads the temporary table figure.
insert into unit
select (select count(*) from unit) + row_number() over (order by territory, unit_id),
       dense_rank() over (order by territory, departement), %(data_year)s, territory, departement, unit_id, population,
       coalesce(federated::text, 'unknown'), hashtextextended(manager, 0),
       dense_rank() over (order by hashtextextended(manager, 0)), responded
  from national.unit
 where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s) and in_scope;
insert into measure
with asked as (
    select f.figure_no, f.population, i.statistic, i.variable, i.codes, i.denominator, i.where_variable, i.where_codes
      from figure f
      join codebook.indicator i on i.collection = %(collection)s and i.indicator = f.indicator
      join codebook.indicator_year y
        on y.collection = i.collection and y.indicator = i.indicator and y.data_year = %(data_year)s
       and f.population = any (y.populations)
), observed as materialized (
    select u.unit_no, o.variable, trim_scale(o.number) as number, o.code, o.status in ('not_asked', 'not_concerned') as out_of_base,
           o.status in ('corrected', 'confirmed') as corrected
      from national.observation o
      join unit u on u.data_year = %(data_year)s and u.territory = o.territory and u.unit_id = o.unit_id
     where o.collection = %(collection)s and o.data_year = %(data_year)s and o.territory = any (%(territories)s)
       and o.variable in (select variable from asked union select denominator from asked
                          union select where_variable from asked)
), below as materialized (
    select * from observed where variable in (select denominator from asked)
), condition as materialized (
    select * from observed where variable in (select where_variable from asked)
)
select u.unit_no, a.figure_no,
       a.statistic in ('scope', 'response')
           or u.responded and (a.where_variable is null or w.code = any (a.where_codes))
              and not coalesce(v.out_of_base, false) and not coalesce(d.out_of_base, false),
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
  join unit u on u.data_year = %(data_year)s and u.population = a.population
  left join observed v on v.unit_no = u.unit_no and v.variable = a.variable
  left join below d on d.unit_no = u.unit_no and d.variable = a.denominator
  left join condition w on w.unit_no = u.unit_no and w.variable = a.where_variable

-- grain      : one unit in scope × breakdown of some territories in one data year
-- reads      : national.unit, national.observation, codebook.collection, codebook.breakdown, codebook.category, codebook.question, reference.structure, reference.commune_epci
-- replaces   : nothing; adds to the temporary table item_category
-- parameters : collection, data_year, territories
--
-- `all` holds everyone. A unit of which no category is known is `inconnu`, so that categories add up. An EPCI is that of the
-- register's commune in the data year (EPCI change on 1 January).
insert into item_category
with scope as (
    select territory, unit_id
      from national.unit
     where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s) and in_scope
), broken_down as (
    select b.breakdown, b.variable, b.of_register, s.said_by
      from codebook.breakdown b
      join codebook.collection k using (collection)
     cross join lateral (select case when b.of_register then k.register_collection else k.collection end as said_by) s
     where b.collection = %(collection)s
       and exists (select from codebook.question q
                    where q.collection = s.said_by and q.data_year = %(data_year)s and q.variable = b.variable)
), said as (
    select b.breakdown, b.of_register, o.territory, o.unit_id, o.number, o.code
      from broken_down b
      join national.observation o
        on o.collection = b.said_by and o.data_year = %(data_year)s and o.variable = b.variable
     where b.of_register or o.territory = any (%(territories)s)
), found as (
    select s.territory, s.unit_id, b.breakdown, min(c.category) as category
      from scope s
     cross join broken_down b
      left join said o
             on o.breakdown = b.breakdown and o.unit_id = s.unit_id and (b.of_register or o.territory = s.territory)
      left join codebook.category c
             on c.collection = %(collection)s and c.breakdown = b.breakdown
            and (o.code = any (c.codes)
                 or cardinality(c.codes) = 0 and o.number >= coalesce(c.at_least, '-infinity')
                    and o.number < coalesce(c.below, 'infinity'))
     group by s.territory, s.unit_id, b.breakdown
)
select territory, unit_id, 'all', 'all' from scope
union all
select territory, unit_id, breakdown, coalesce(category, 'inconnu') from found
union all
select s.territory, s.unit_id, 'epci', coalesce(e.epci, 'inconnu')
  from scope s
  join codebook.collection k on k.collection = %(collection)s and k.epci_least is not null
  left join reference.structure r on r.data_year = %(data_year)s and r.structure_id = s.unit_id
  left join reference.commune_epci e on e.commune = r.commune and e.years @> %(data_year)s

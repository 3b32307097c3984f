-- grain      : one unit in scope × breakdown of some territories in one data year
-- reads      : national.observation, codebook.collection, codebook.breakdown, codebook.category, codebook.question, reference.structure, reference.commune_epci
-- replaces   : nothing; adds to the temporary tables category and unit_category
-- parameters : collection, data_year, territories
--
-- `all` holds everyone. A unit of which no category is known is `inconnu`, so that categories add up. An EPCI is that of the
-- register's commune in the data year (EPCI change on 1 January). Reads the temporary table unit.
with broken_down as (
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
       and o.territory = any (%(territories)s || array(select distinct r.territory
                                                         from reference.structure r
                                                         join unit u on u.unit_id = r.structure_id
                                                        where r.data_year = %(data_year)s))
     where b.of_register or o.territory = any (%(territories)s)
), found as (
    select u.unit_no, b.breakdown, min(c.category) as category
      from unit u
     cross join broken_down b
      left join said o
             on o.breakdown = b.breakdown and o.unit_id = u.unit_id and (b.of_register or o.territory = u.territory)
      left join codebook.category c
             on c.collection = %(collection)s and c.breakdown = b.breakdown
            and (o.code = any (c.codes)
                 or cardinality(c.codes) = 0 and o.number >= coalesce(c.at_least, '-infinity')
                    and o.number < coalesce(c.below, 'infinity'))
     where u.data_year = %(data_year)s and u.territory = any (%(territories)s)
     group by u.unit_no, b.breakdown
), of_unit as (
    select unit_no, 'all' as breakdown, 'all' as category from unit where data_year = %(data_year)s and territory = any (%(territories)s)
    union all
    select unit_no, breakdown, coalesce(category, 'inconnu') from found
    union all
    select u.unit_no, 'epci', coalesce(e.epci, 'inconnu')
      from unit u
      join codebook.collection k on k.collection = %(collection)s and k.epci_least is not null
      left join reference.structure r on r.data_year = %(data_year)s and r.structure_id = u.unit_id
      left join reference.commune_epci e on e.commune = r.commune and e.years @> %(data_year)s::integer
     where u.data_year = %(data_year)s and u.territory = any (%(territories)s)
), numbered as (
    select unit_no, breakdown, category, dense_rank() over (order by breakdown, category) as category_no from of_unit
), named as (
    insert into category select distinct category_no, breakdown, category from numbered
)
insert into unit_category select unit_no, category_no, breakdown = 'epci' from numbered;
analyze category;
analyze unit_category

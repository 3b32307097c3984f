-- grain      : one variable of one unit that answered, of the collection or of its register
-- reads      : national.unit, national.observation, codebook.collection, reference.structure
-- replaces   : nothing
-- parameters : collection, data_year, unit_id
--
-- A unit of which nothing is observed is one row without a variable. With row-level security it is nobody's but theirs who may
-- read that territory.
select u.population, u.departement, coalesce(s.name, u.unit_id) as name,
       o.collection is distinct from u.collection as registered, o.variable, o.number, o.code,
       o.status in ('not_asked', 'not_concerned') as out_of_base
  from national.unit u
  join codebook.collection k on k.collection = u.collection
  left join reference.structure s on s.data_year = u.data_year and s.structure_id = u.unit_id
  left join national.observation o
         on o.data_year = u.data_year and o.unit_id = u.unit_id
        and (o.collection = u.collection and o.territory = u.territory
             or o.collection = k.register_collection and o.territory = s.territory)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.unit_id = %(unit_id)s
   and u.in_scope and u.responded
 order by registered, o.variable

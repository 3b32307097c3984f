-- grain      : the figures of one data year
-- reads      : indicator.basis, codebook.collection
-- replaces   : nothing
-- parameters : collection, data_year
--
-- What they were computed from, in one text for each territory.
select k.version as codebook,
       coalesce(string_agg(concat_ws(' ', b.territory, b.inputs, b.former_inputs, b.method), e'\n' order by b.territory), '') as inputs,
       coalesce(max(b.method), '') as method
  from codebook.collection k
  left join indicator.basis b on b.collection = k.collection and b.data_year = %(data_year)s
 where k.collection = %(collection)s
 group by k.version

-- grain      : one vintage
-- reads      : publication.vintage
-- replaces   : nothing; adds to publication.vintage
-- parameters : collection, data_year, codebook, code, inputs
--
-- The number after the last one; what was proposed and not released is gone by then.
insert into publication.vintage (collection, data_year, number, codebook, code, inputs)
select %(collection)s, %(data_year)s, coalesce(max(v.number), 0) + 1, %(codebook)s, %(code)s, %(inputs)s
  from publication.vintage v
 where v.collection = %(collection)s and v.data_year = %(data_year)s
returning vintage_no, number

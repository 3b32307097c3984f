-- grain      : the vintage of a data year that is not released
-- reads      : publication.release
-- replaces   : all tables of schema publication, for that vintage
-- parameters : collection, data_year
delete from publication.vintage v
 where v.collection = %(collection)s and v.data_year = %(data_year)s
   and not exists (select from publication.release r where r.vintage_no = v.vintage_no)

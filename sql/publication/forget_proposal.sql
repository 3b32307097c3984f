-- grain      : the vintage of a data year that is not released
-- reads      : publication.release
-- replaces   : publication.vintage, that vintage; all that is of it goes with it
-- parameters : collection, data_year
delete from publication.vintage v
 where v.collection = %(collection)s and v.data_year = %(data_year)s
   and not exists (select from publication.release r where r.vintage_no = v.vintage_no)

-- grain      : one territory in one data year that is loaded no longer
-- reads      : nothing
-- replaces   : indicator.basis, of those territories: deleted
-- parameters : collection, data_year, territories
delete from indicator.basis
 where collection = %(collection)s and data_year = %(data_year)s and territory = any (%(territories)s)

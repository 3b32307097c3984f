-- grain      : one territory in one data year
-- reads      : intake.sighting
-- replaces   : nothing
-- parameters : collection, territory, data_year, source
select mark
  from intake.sighting
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and source = %(source)s

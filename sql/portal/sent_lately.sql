-- grain      : one row: how many files were sent about a territory's data year since then
-- reads      : intake.upload, query.returned_file
-- replaces   : nothing
-- parameters : collection, territory, data_year, since
select (select count(*) from intake.upload u
         where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
           and u.uploaded_at > %(since)s)
     + (select count(*) from query.returned_file b
         where b.collection = %(collection)s and b.data_year = %(data_year)s and b.territory = %(territory)s
           and b.received_at > %(since)s) as files

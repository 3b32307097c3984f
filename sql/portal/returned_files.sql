-- grain      : one file of replies that was sent back about a territory's data year, the newest first
-- reads      : query.returned_file
-- replaces   : nothing
-- parameters : collection, territory, data_year, most
select file_no, file_name, author, recorded, already, refused, received_at at time zone 'Europe/Paris' as received
  from query.returned_file
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
 order by file_no desc
 limit %(most)s

-- grain      : one file taken once
-- reads      : nothing
-- replaces   : nothing; adds to query.returned_file
-- parameters : sha256, file_name, bytes, collection, territory, data_year, author, recorded, already, refused
insert into query.returned_file
    (sha256, file_name, bytes, collection, data_year, territory, author, recorded, already, refused)
values (%(sha256)s, %(file_name)s, %(bytes)s, %(collection)s, %(data_year)s, %(territory)s, %(author)s,
        %(recorded)s, %(already)s, %(refused)s)

-- grain      : one file sent once
-- reads      : nothing
-- replaces   : nothing; adds to intake.upload
-- parameters : upload_id, collection, territory, data_year, sha256, file_name, author
insert into intake.upload (upload_id, collection, data_year, territory, sha256, file_name, author, uploaded_at)
values (%(upload_id)s, %(collection)s, %(data_year)s, %(territory)s, %(sha256)s, %(file_name)s, %(author)s, now())

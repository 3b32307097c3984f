-- grain      : one upload of one territory in one data year, newest first
-- reads      : intake.upload, intake.export
-- replaces   : nothing
-- parameters : collection, territory, data_year
select u.upload_id, u.sha256, u.file_name, e.bytes, u.author, u.uploaded_at, u.chosen_at, u.chosen_by,
       u.source_sha256, u.ending, u.ended_at, u.ended_by
  from intake.upload u
  join intake.export e using (sha256)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
 order by u.uploaded_at desc, u.upload_id

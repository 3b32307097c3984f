-- grain      : one row: the last delivery of one source about one territory in one data year; none if it never delivered
-- reads      : intake.receipt, intake.export
-- replaces   : nothing
-- parameters : collection, territory, data_year, source
select r.sha256, r.source, r.file_name, r.etag, r.last_modified, e.bytes
  from intake.receipt r
  join intake.export e using (sha256)
 where r.collection = %(collection)s and r.data_year = %(data_year)s and r.territory = %(territory)s
   and r.source = %(source)s
 order by r.received_at desc
 limit 1

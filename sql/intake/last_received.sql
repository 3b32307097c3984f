-- grain      : one row: what a run of one territory in one data year looked at last; none if it never looked at anything
-- reads      : intake.run, intake.receipt, intake.export
-- replaces   : nothing
-- parameters : collection, territory, data_year
select r.sha256, i.file_name, e.bytes
  from intake.run r
  join intake.export e using (sha256)
  join intake.receipt i using (sha256, collection, data_year, territory)
 where r.collection = %(collection)s and r.data_year = %(data_year)s and r.territory = %(territory)s
 order by r.started_at desc, i.received_at desc
 limit 1

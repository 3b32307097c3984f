-- grain      : one run of a territory's data year, the newest first
-- reads      : intake.run, intake.receipt, under their policies
-- replaces   : nothing
-- parameters : collection, territory, data_year, most
--
-- Times are those of France.
select r.outcome, r.message, r.records, r.answers, r.rejected_answers, r.started_at at time zone 'Europe/Paris' as started,
       (select i.file_name from intake.receipt i
         where i.sha256 = r.sha256 and i.collection = r.collection and i.data_year = r.data_year and i.territory = r.territory
         order by i.received_at desc
         limit 1) as file_name
  from intake.run r
 where r.collection = %(collection)s and r.data_year = %(data_year)s and r.territory = %(territory)s
 order by r.started_at desc
 limit %(most)s

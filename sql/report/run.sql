-- grain      : one run
-- reads      : intake.run, intake.receipt, intake.export
-- replaces   : nothing
-- parameters : run_id
select r.run_id, r.outcome, r.message, r.sha256, r.records, r.answers, r.rejected_answers,
       r.finished_at at time zone 'Europe/Paris' as finished_at,
       d.file_name, d.received_at, e.bytes
  from intake.run r
  left join intake.export e on e.sha256 = r.sha256
  left join lateral (
        select i.file_name, i.received_at at time zone 'Europe/Paris' as received_at
          from intake.receipt i
         where i.sha256 = r.sha256 and i.collection = r.collection and i.data_year = r.data_year
           and i.territory = r.territory
           and (r.finished_at is null or i.received_at <= r.finished_at)
         order by i.received_at desc
         limit 1) d on true
 where r.run_id = %(run_id)s

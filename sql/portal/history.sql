-- grain      : one thing that was done about a territory's data year, by a person or by a run, the newest first
-- reads      : intake.upload, intake.request, intake.run, query.returned_file, query.reply, query.event, query.item
-- replaces   : nothing
-- parameters : collection, territory, data_year, most, past
--
-- `what` is sent, chosen, ended, rerun, rehearsal, returned, corrected, confirmed, withdrawn, accepted, reopened or run. Replies that a file brought are
-- counted with their file. Times are those of France. `total` is how many there are without the page.
select h.at at time zone 'Europe/Paris' as at, h.who, h.what, h.about, h.detail, h.request_id, count(*) over () as total
  from (select u.uploaded_at as at, u.author as who, 'sent' as what, u.file_name as about, '' as detail, null::uuid as request_id
          from intake.upload u
         where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
        union all
        select u.chosen_at, u.chosen_by, 'chosen', u.file_name, '', null
          from intake.upload u
         where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
           and u.chosen_at is not null
        union all
        select u.ended_at, u.ended_by, 'ended', u.file_name, u.ending, null
          from intake.upload u
         where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
           and u.ending is not null
        union all
        select q.asked_at, q.author, q.kind, coalesce(u.file_name, ''), q.state, q.request_id
          from intake.request q
          left join intake.upload u using (upload_id)
         where q.collection = %(collection)s and q.data_year = %(data_year)s and q.territory = %(territory)s
        union all
        select b.received_at, b.author, 'returned', b.file_name, b.recorded::text, null
          from query.returned_file b
         where b.collection = %(collection)s and b.data_year = %(data_year)s and b.territory = %(territory)s
        union all
        select p.recorded_at, p.author, p.kind, concat_ws(', ', p.unit_id, p.question, p.header), coalesce(p.value, p.reason), null
          from query.reply p
         where p.collection = %(collection)s and p.data_year = %(data_year)s and p.territory = %(territory)s
           and p.source not like '%%(repris par %%'
        union all
        select e.at, e.author, e.state, concat_ws(', ', i.rule, i.unit_id, i.question), e.reason, null
          from query.item i
          join query.event e using (item_key)
         where i.collection = %(collection)s and i.data_year = %(data_year)s and i.territory = %(territory)s
           and e.run_id is null and e.state in ('accepted', 'reopened')
        union all
        select r.started_at, 'senacs', 'run', r.outcome, r.message, null
          from intake.run r
         where r.collection = %(collection)s and r.data_year = %(data_year)s and r.territory = %(territory)s) h
 order by h.at desc, h.what
 limit %(most)s offset %(past)s

-- grain      : one message, newest first
-- reads      : notice.message, notice.delivery, notice.attempt
-- replaces   : nothing
-- parameters : most
select m.message_no, m.kind, m.collection, m.data_year, m.territory, m.subject, m.posted_at,
       count(*) filter (where d.state = 'delivered') as delivered,
       count(*) filter (where d.state = 'waiting') as waiting,
       count(*) filter (where d.state = 'given up') as given_up,
       coalesce((select a.reason
                   from notice.attempt a
                  where a.message_no = m.message_no and a.outcome is distinct from 'delivered'
                  order by a.attempt_no desc
                  limit 1), '') as reason
  from notice.message m
  left join notice.delivery d on d.message_no = m.message_no
 group by m.message_no
 order by m.message_no desc
 limit %(most)s

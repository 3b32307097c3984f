-- grain      : one message for one subscription in force that is due, in the order of posting
-- reads      : notice.delivery, notice.message, notice.subscription, codebook.collection, notice.attempt
-- replaces   : nothing
-- parameters : now
select m.message_no, s.subscription_no, s.channel, s.address, s.secret,
       m.kind, m.collection, k.label as collection_label, coalesce(k.simulated, false) as simulated,
       m.data_year, m.territory, m.subject, m.body, m.next_step, m.posted_at,
       (select count(*)
          from notice.attempt a
         where (a.message_no, a.subscription_no) = (d.message_no, d.subscription_no)) as tries
  from notice.delivery d
  join notice.message m on m.message_no = d.message_no
  join notice.subscription s on s.subscription_no = d.subscription_no
  left join codebook.collection k on k.collection = m.collection
 where d.state = 'waiting' and (d.due_at is null or d.due_at <= %(now)s) and s.ended_at is null
 order by m.message_no, s.subscription_no

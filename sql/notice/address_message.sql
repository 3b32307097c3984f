-- grain      : one subscription in force that a message concerns
-- reads      : notice.message, notice.subscription
-- replaces   : nothing; adds to notice.delivery
-- parameters : message_no, audiences
--
-- Of an address that two subscriptions name it is the first: one message a person.
insert into notice.delivery (message_no, subscription_no)
select m.message_no, min(s.subscription_no)
  from notice.message m
  join notice.subscription s
    on s.audience = any (%(audiences)s) and s.ended_at is null
   and (s.collection is null or s.collection = m.collection)
   and (s.territory is null or s.territory = m.territory)
 where m.message_no = %(message_no)s
 group by m.message_no, s.channel, s.address

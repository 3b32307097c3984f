-- grain      : one subscription
-- reads      : nothing
-- replaces   : in notice.subscription, its end; in notice.delivery, what was still to be delivered to it
-- parameters : subscription_no, author
update notice.delivery
   set state = 'given up'
 where subscription_no = %(subscription_no)s and state = 'waiting';
update notice.subscription
   set ended_at = clock_timestamp(), ended_by = %(author)s
 where subscription_no = %(subscription_no)s and ended_at is null

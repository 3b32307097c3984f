-- grain      : one attempt
-- reads      : nothing
-- replaces   : nothing; adds to notice.attempt
-- parameters : message_no, subscription_no, now
insert into notice.attempt (message_no, subscription_no, at)
values (%(message_no)s, %(subscription_no)s, %(now)s)
returning attempt_no

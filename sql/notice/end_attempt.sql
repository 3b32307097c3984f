-- grain      : one attempt
-- reads      : nothing
-- replaces   : in notice.attempt, how it ended; in notice.delivery, what comes next
-- parameters : attempt_no, outcome, reason, message_no, subscription_no, state, due_at
update notice.attempt
   set outcome = %(outcome)s, reason = %(reason)s
 where attempt_no = %(attempt_no)s;
update notice.delivery
   set state = %(state)s, due_at = %(due_at)s
 where message_no = %(message_no)s and subscription_no = %(subscription_no)s

-- grain      : one attempt
-- reads      : nothing
-- replaces   : adds to portal.attempt, forgets what is older than a day
-- parameters : now, email, address
delete from portal.attempt where at < %(now)s::timestamptz - interval '1 day';
insert into portal.attempt (at, email, address) values (%(now)s, %(email)s, %(address)s)
returning attempt_no

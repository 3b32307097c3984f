-- grain      : one account
-- reads      : nothing
-- replaces   : in portal.second_factor, what was begun and not confirmed; one that is confirmed stays
-- parameters : account_no, secret, now
insert into portal.second_factor (account_no, secret, made_at) values (%(account_no)s, %(secret)s, %(now)s)
on conflict (account_no) do update set secret = excluded.secret, made_at = excluded.made_at
 where second_factor.confirmed_at is null
returning account_no

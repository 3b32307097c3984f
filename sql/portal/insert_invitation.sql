-- grain      : one account
-- reads      : nothing
-- replaces   : in portal.invitation, the link of that account
-- parameters : key_hash, account_no, now, author, ends_at
insert into portal.invitation (key_hash, account_no, made_at, made_by, ends_at)
values (%(key_hash)s, %(account_no)s, %(now)s, %(author)s, %(ends_at)s)
on conflict (account_no) do update
   set key_hash = excluded.key_hash, made_at = excluded.made_at, made_by = excluded.made_by, ends_at = excluded.ends_at

-- grain      : one session
-- reads      : nothing
-- replaces   : adds to portal.session, forgets those that ended
-- parameters : key_hash, account_no, now, ends_at, by_provider
delete from portal.session where ends_at < %(now)s;
insert into portal.session (key_hash, account_no, made_at, seen_at, ends_at, by_provider)
values (%(key_hash)s, %(account_no)s, %(now)s, %(now)s, %(ends_at)s, %(by_provider)s)

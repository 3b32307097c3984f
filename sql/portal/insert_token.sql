-- grain      : one token
-- reads      : nothing
-- replaces   : nothing; adds to portal.token
-- parameters : key_hash, account_no, label, scope, narrowed_to, now, author, ends_at
insert into portal.token (key_hash, account_no, label, scope, narrowed_to, made_at, made_by, ends_at)
values (%(key_hash)s, %(account_no)s, %(label)s, %(scope)s, %(narrowed_to)s::text[], %(now)s, %(author)s, %(ends_at)s)
returning token_no

-- grain      : one account
-- reads      : nothing
-- replaces   : nothing; adds to portal.account
-- parameters : email, name, role, verifier, now
insert into portal.account (email, name, role, verifier, made_at)
values (%(email)s, %(name)s, %(role)s, %(verifier)s, %(now)s)
on conflict (email) do nothing
returning account_no

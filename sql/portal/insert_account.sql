-- grain      : one account, that nothing opens yet
-- reads      : nothing
-- replaces   : nothing; adds to portal.account
-- parameters : email, name, role, now
insert into portal.account (email, name, role, made_at)
values (%(email)s, %(name)s, %(role)s, %(now)s)
on conflict (email) do nothing
returning account_no

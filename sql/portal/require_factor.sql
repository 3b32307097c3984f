-- grain      : one role
-- reads      : nothing
-- replaces   : nothing; adds to portal.required_factor
-- parameters : role, now, author
insert into portal.required_factor (role, since, author) values (%(role)s, %(now)s, %(author)s)
on conflict (role) do nothing

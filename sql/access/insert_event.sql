-- grain      : one act
-- reads      : nothing
-- replaces   : nothing; adds to access.event
-- parameters : act, login, role, author
insert into access.event (act, login, role, author)
values (%(act)s, %(login)s, %(role)s, %(author)s)

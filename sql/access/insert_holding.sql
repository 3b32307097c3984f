-- grain      : one territory, of one collection or of all, of one login
-- reads      : nothing
-- replaces   : nothing; adds to access.holding (a trigger notes it)
-- parameters : login, territory, collection, valid_from, valid_until, author
insert into access.holding (login, territory, collection, valid_from, valid_until, given_by)
values (%(login)s, %(territory)s, %(collection)s, %(valid_from)s, %(valid_until)s, %(author)s)

-- grain      : one act
-- reads      : nothing
-- replaces   : nothing; adds to portal.event
-- parameters : act, account_no, author, territory, collection
insert into portal.event (act, account_no, author, territory, collection)
values (%(act)s, %(account_no)s, %(author)s, %(territory)s, %(collection)s)

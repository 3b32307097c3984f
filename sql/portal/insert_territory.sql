-- grain      : one territory of one account
-- reads      : nothing
-- replaces   : in portal.account_territory, the line of the same account, territory and collection
-- parameters : account_no, territory, collection, valid_from, valid_until
delete from portal.account_territory
 where account_no = %(account_no)s and territory = %(territory)s and collection is not distinct from %(collection)s::text;
insert into portal.account_territory (account_no, territory, collection, valid_from, valid_until)
values (%(account_no)s, %(territory)s, %(collection)s, %(valid_from)s, %(valid_until)s)

-- grain      : one territory of one account
-- reads      : portal.account_territory
-- replaces   : nothing; takes lines away
-- parameters : account_no, territory
delete from portal.account_territory where account_no = %(account_no)s and territory = %(territory)s
returning collection

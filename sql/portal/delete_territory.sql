-- grain      : one territory of one account
-- reads      : nothing
-- replaces   : takes lines away from portal.account_territory
-- parameters : account_no, territory
delete from portal.account_territory where account_no = %(account_no)s and territory = %(territory)s
returning collection

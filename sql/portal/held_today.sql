-- grain      : one territory that the account holds that day
-- reads      : portal.account_territory
-- replaces   : nothing
-- parameters : account_no, today
select distinct territory
  from portal.account_territory
 where account_no = %(account_no)s and %(today)s::date between valid_from and coalesce(valid_until, 'infinity')
 order by territory

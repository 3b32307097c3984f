-- grain      : one account; no row where it has no second factor
-- reads      : portal.second_factor, portal.recovery_code
-- replaces   : nothing
-- parameters : account_no
select secret, confirmed_at, last_step,
       (select count(*) from portal.recovery_code c where c.account_no = %(account_no)s) as recovery_codes
  from portal.second_factor
 where account_no = %(account_no)s

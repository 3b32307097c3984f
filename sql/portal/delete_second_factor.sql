-- grain      : one account; no row where it had none
-- reads      : nothing
-- replaces   : takes it away from portal.second_factor, with the codes of portal.recovery_code
-- parameters : account_no
delete from portal.recovery_code where account_no = %(account_no)s;
delete from portal.second_factor where account_no = %(account_no)s
returning account_no

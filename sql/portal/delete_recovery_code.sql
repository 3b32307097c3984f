-- grain      : one code; no row where it is none, or was used
-- reads      : nothing
-- replaces   : takes it away from portal.recovery_code
-- parameters : account_no, code_hash
delete from portal.recovery_code where account_no = %(account_no)s and code_hash = %(code_hash)s
returning account_no

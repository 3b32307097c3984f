-- grain      : one account
-- reads      : nothing
-- replaces   : in portal.account, the hash of the same password, made with newer costs
-- parameters : account_no, verifier
update portal.account set verifier = %(verifier)s where account_no = %(account_no)s

-- grain      : one account
-- reads      : nothing
-- replaces   : in portal.account, the hash of the password; its sessions (portal.session) and its link (portal.invitation) end
-- parameters : account_no, verifier
delete from portal.session where account_no = %(account_no)s;
delete from portal.invitation where account_no = %(account_no)s;
update portal.account set verifier = %(verifier)s where account_no = %(account_no)s

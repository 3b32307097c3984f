-- grain      : one account
-- reads      : nothing
-- replaces   : in portal.account, active; its sessions (portal.session) and its link (portal.invitation) end
-- parameters : account_no
delete from portal.session where account_no = %(account_no)s;
delete from portal.invitation where account_no = %(account_no)s;
update portal.account set active = false where account_no = %(account_no)s

-- grain      : one account
-- reads      : nothing
-- replaces   : in portal.account, active; its sessions end (portal.session)
-- parameters : account_no
delete from portal.session where account_no = %(account_no)s;
update portal.account set active = false where account_no = %(account_no)s

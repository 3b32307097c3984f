-- grain      : one account
-- reads      : nothing
-- replaces   : active; its sessions end
-- parameters : account_no
delete from portal.session where account_no = %(account_no)s;
update portal.account set active = false where account_no = %(account_no)s

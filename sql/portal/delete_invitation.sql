-- grain      : one invitation; no row where another request was faster
-- reads      : nothing
-- replaces   : takes it away from portal.invitation
-- parameters : key_hash
delete from portal.invitation where key_hash = %(key_hash)s
returning account_no

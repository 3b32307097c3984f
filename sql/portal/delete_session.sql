-- grain      : one session
-- reads      : nothing
-- replaces   : takes it away from portal.session
-- parameters : key_hash
delete from portal.session where key_hash = %(key_hash)s

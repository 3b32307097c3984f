-- grain      : one session
-- reads      : nothing
-- replaces   : nothing; takes it away
-- parameters : key_hash
delete from portal.session where key_hash = %(key_hash)s

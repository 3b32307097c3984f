-- grain      : one session
-- reads      : nothing
-- replaces   : in portal.session, when it was last seen
-- parameters : key_hash, now
update portal.session set seen_at = %(now)s where key_hash = %(key_hash)s

-- grain      : one token
-- reads      : nothing
-- replaces   : in portal.token, when it was last used
-- parameters : token_no, now
update portal.token set used_at = %(now)s where token_no = %(token_no)s

-- grain      : one token; no row where it is not there, not of that account, or revoked already
-- reads      : nothing
-- replaces   : in portal.token, who revoked it and when
-- parameters : token_no, account_no, now, author
--
-- Of whichever account where the number of the account is null.
update portal.token set revoked_at = %(now)s, revoked_by = %(author)s
 where token_no = %(token_no)s and revoked_at is null
   and (%(account_no)s::bigint is null or account_no = %(account_no)s)
returning account_no

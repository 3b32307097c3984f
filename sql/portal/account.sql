-- grain      : one account; no row where there is none
-- reads      : portal.account
-- replaces   : nothing
-- parameters : email
select account_no, email, name, role, verifier, active from portal.account where email = %(email)s

-- grain      : one token, the newest first
-- reads      : portal.token, portal.account
-- replaces   : nothing
-- parameters : email
--
-- Of one account, or of all where the address is null.
select t.token_no as number, a.email, t.label, t.scope, t.narrowed_to, t.made_at, t.ends_at, t.used_at, t.revoked_at
  from portal.token t
  join portal.account a on a.account_no = t.account_no
 where %(email)s::text is null or a.email = %(email)s
 order by t.token_no desc

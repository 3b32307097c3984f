-- grain      : one invitation that may be used; no row where there is none
-- reads      : portal.invitation, portal.account
-- replaces   : nothing
-- parameters : key_hash, now
select a.account_no, a.email, a.name
  from portal.invitation i
  join portal.account a on a.account_no = i.account_no and a.active
 where i.key_hash = %(key_hash)s and i.ends_at > %(now)s

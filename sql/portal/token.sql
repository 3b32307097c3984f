-- grain      : one token with its account; no row where it ended or was revoked
-- reads      : portal.token, portal.account, portal.account_territory
-- replaces   : nothing
-- parameters : key_hash, now, today
select t.token_no, t.scope, t.narrowed_to, t.used_at, a.account_no, a.email, a.name, a.role,
       portal.lacks_factor(a.account_no) as lacks_factor,
       array(select array[h.territory, h.collection] from portal.account_territory h
              where h.account_no = a.account_no
                and %(today)s::date between h.valid_from and coalesce(h.valid_until, 'infinity')) as holdings
  from portal.token t
  join portal.account a on a.account_no = t.account_no and a.active
 where t.key_hash = %(key_hash)s and t.revoked_at is null and t.ends_at > %(now)s

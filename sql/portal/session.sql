-- grain      : one session with its account; no row where it ended
-- reads      : portal.session, portal.account, portal.account_territory
-- replaces   : nothing
-- parameters : key_hash, now, idle_since, today
select a.account_no, a.email, a.name, a.role, s.seen_at,
       not s.by_provider and portal.lacks_factor(a.account_no) as lacks_factor,
       array(select array[t.territory, t.collection] from portal.account_territory t
              where t.account_no = a.account_no
                and %(today)s::date between t.valid_from and coalesce(t.valid_until, 'infinity')) as holdings
  from portal.session s
  join portal.account a on a.account_no = s.account_no and a.active
 where s.key_hash = %(key_hash)s and s.ends_at > %(now)s and s.seen_at > %(idle_since)s

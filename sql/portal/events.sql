-- grain      : one act, the newest first
-- reads      : portal.event, portal.act, portal.account
-- replaces   : nothing
-- parameters : limit
select e.at, t.label as act, a.email, e.author, e.territory, e.collection, e.data_year
  from portal.event e
  join portal.act t using (act)
  join portal.account a on a.account_no = e.account_no
 order by e.event_no desc
 limit %(limit)s

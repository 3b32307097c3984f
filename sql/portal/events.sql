-- grain      : one act, the newest first
-- reads      : portal.event, portal.account
-- replaces   : nothing
-- parameters : limit
select e.at, e.act, a.email, e.author, e.territory, e.collection
  from portal.event e
  join portal.account a on a.account_no = e.account_no
 order by e.event_no desc
 limit %(limit)s

-- grain      : one change in the life of one item
-- reads      : query.event, query.reply
-- replaces   : nothing
-- parameters : item_key
select e.at at time zone 'Europe/Paris' as at, e.state, e.kind, e.author, e.reason, e.raw, r.value, r.source, e.run_id
  from query.event e
  left join query.reply r using (reply_id)
 where e.item_key = %(item_key)s
 order by e.event_no

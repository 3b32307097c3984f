-- grain      : one item
-- reads      : query.state
-- replaces   : nothing
-- parameters : start
select collection, data_year, territory, item_key, rule, unit_id, question, header, severity, message, advice,
       row_number, raw, about, delivered, exception, event_no, version, state, kind, reply_id, author, reason,
       at at time zone 'Europe/Paris' as at, asked
  from query.state
 where starts_with(item_key, %(start)s)
 order by item_key
 limit 2

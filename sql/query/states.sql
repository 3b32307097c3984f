-- grain      : one item of one territory in one data year
-- reads      : query.state
-- replaces   : nothing
-- parameters : collection, territory, data_year
select item_key, rule, unit_id, question, header, severity, message, advice, row_number, raw, about, delivered,
       exception, event_no, state, kind, reply_id, author, reason, at at time zone 'Europe/Paris' as at, asked
  from query.state
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
 order by array_position(array['blocking', 'error', 'query'], severity), row_number nulls first, rule, item_key

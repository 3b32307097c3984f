-- grain      : one item of one territory in one data year
-- reads      : query.state, query.reply
-- replaces   : nothing
-- parameters : collection, territory, data_year
select s.item_key, s.rule, s.unit_id, s.question, s.header, s.severity, s.message, s.advice, s.row_number, s.raw,
       s.about, s.delivered, s.exception, s.event_no, s.version, s.state, s.kind, s.reply_id, s.author, s.reason,
       s.at at time zone 'Europe/Paris' as at, s.asked, r.value, r.author as replied_by, r.reason as replied_because
  from query.state s
  left join query.reply r on r.reply_id = s.reply_id
 where s.collection = %(collection)s and s.data_year = %(data_year)s and s.territory = %(territory)s
 order by array_position(array['blocking', 'error', 'query'], s.severity), s.row_number nulls first, s.rule,
          s.item_key

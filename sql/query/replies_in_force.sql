-- grain      : one address of one territory in one data year
-- reads      : query.reply_in_force
-- replaces   : nothing
-- parameters : collection, territory, data_year
select reply_id, rule, unit_id, question, header, kind, received, about, value, reason, author, given, source,
       recorded_at
  from query.reply_in_force
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
 order by reply_no

-- grain      : one reply
-- reads      : query.reply
-- replaces   : nothing
-- parameters : collection, territory, data_year
select reply_id from query.reply
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s

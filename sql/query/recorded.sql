-- grain      : one reply
-- reads      : query.reply
-- replaces   : nothing
-- parameters : reply_ids
select reply_id from query.reply where reply_id = any (%(reply_ids)s)

-- grain      : one confirmation
-- reads      : nothing
-- replaces   : in query.reply, the values that it was about, where nobody has said so yet
-- parameters : reply_id, about
update query.reply set about = %(about)s where reply_id = %(reply_id)s and about is null

-- grain      : one reply
-- reads      : nothing
-- replaces   : nothing; adds to query.reply, unless it is there
-- parameters : reply_id, address, collection, territory, data_year, rule, unit_id, question, header, kind, received, about, value, reason, author, given, source
insert into query.reply
    (reply_id, address, collection, data_year, territory, rule, unit_id, question, header, kind, received, about,
     value, reason, author, given, source)
values (%(reply_id)s, %(address)s, %(collection)s, %(data_year)s, %(territory)s, %(rule)s, %(unit_id)s,
        %(question)s, %(header)s, %(kind)s, %(received)s, %(about)s, %(value)s, %(reason)s, %(author)s,
        %(given)s, %(source)s)
on conflict (reply_id) do nothing
returning reply_no

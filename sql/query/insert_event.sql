-- grain      : one change in the life of an item
-- reads      : nothing
-- replaces   : nothing; adds to query.event
-- parameters : item_key, state, kind, reply_id, raw, author, reason, run_id
insert into query.event (item_key, state, kind, reply_id, raw, author, reason, run_id)
values (%(item_key)s, %(state)s, %(kind)s, %(reply_id)s, %(raw)s, %(author)s, %(reason)s, %(run_id)s)

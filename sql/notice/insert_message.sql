-- grain      : one message; no row comes back where it was posted before
-- reads      : nothing
-- replaces   : nothing; adds to notice.message
-- parameters : kind, collection, data_year, territory, key, subject, body, next_step
insert into notice.message (kind, collection, data_year, territory, key, subject, body, next_step)
values (%(kind)s, %(collection)s, %(data_year)s, %(territory)s, %(key)s, %(subject)s, %(body)s, %(next_step)s)
on conflict (kind, collection, data_year, territory, key) do nothing
returning message_no

-- grain      : one request; no row comes back where one of that kind is open already
-- reads      : nothing
-- replaces   : nothing; adds to intake.request
-- parameters : request_id, collection, territory, data_year, kind, upload_id, author
insert into intake.request (request_id, collection, data_year, territory, kind, upload_id, author, asked_at)
values (%(request_id)s, %(collection)s, %(data_year)s, %(territory)s, %(kind)s, %(upload_id)s, %(author)s, clock_timestamp())
on conflict (collection, data_year, territory, kind) where state = 'open' do nothing

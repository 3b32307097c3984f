-- grain      : one subscription; no row comes back where it is in force already
-- reads      : nothing
-- replaces   : nothing; adds to notice.subscription
-- parameters : audience, channel, address, secret, collection, territory, author
insert into notice.subscription (audience, channel, address, secret, collection, territory, author)
values (%(audience)s, %(channel)s, %(address)s, %(secret)s, %(collection)s, %(territory)s, %(author)s)
on conflict (audience, channel, address, collection, territory) where ended_at is null do nothing
returning subscription_no

-- grain      : one territory in one data year
-- reads      : nothing
-- replaces   : in intake.sighting, what the last visit saw
-- parameters : collection, territory, data_year, source, mark
insert into intake.sighting (collection, data_year, territory, source, mark, seen_at)
values (%(collection)s, %(data_year)s, %(territory)s, %(source)s, %(mark)s, now())
on conflict (collection, data_year, territory)
do update set source = excluded.source, mark = excluded.mark, seen_at = excluded.seen_at

-- grain      : one row: how often this one asked in this minute, this time with them
-- reads      : nothing
-- replaces   : in portal.rate, the count of the minute; forgets those of ten minutes ago
-- parameters : who, now
delete from portal.rate where minute < %(now)s::timestamptz - interval '10 minutes';
insert into portal.rate as r (minute, who, times) values (date_trunc('minute', %(now)s::timestamptz), %(who)s, 1)
on conflict (minute, who) do update set times = r.times + 1
returning times

-- grain      : one step that is done
-- reads      : nothing
-- replaces   : nothing; adds to intake.calendar_step
-- parameters : collection, data_year, territory, key, kind, now
insert into intake.calendar_step (collection, data_year, territory, key, kind, settled_at)
values (%(collection)s, %(data_year)s, %(territory)s, %(key)s, %(kind)s, %(now)s)

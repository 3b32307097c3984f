-- grain      : one territory of one campaign
-- reads      : intake.step
-- replaces   : in intake.calendar_visit, when its source was last asked and since when it is silent
-- parameters : collection, data_year, territory, run_id, now, day
--
-- A source is silent where the step that asks it ended so; what else fails is no fault of the territory.
insert into intake.calendar_visit as known (collection, data_year, territory, collected_at, silent_since)
values (%(collection)s, %(data_year)s, %(territory)s, %(now)s,
        (select %(day)s::date where exists (
            select from intake.step s where s.run_id = %(run_id)s and s.step = 'collect' and s.reason = 'SourceError')))
on conflict (collection, data_year, territory) do update
   set collected_at = excluded.collected_at,
       silent_since = case when excluded.silent_since is not null then coalesce(known.silent_since, excluded.silent_since) end

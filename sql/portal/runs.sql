-- grain      : one run of a territory, the newest first
-- reads      : intake.run, under its policy; codebook.collection
-- replaces   : nothing
-- parameters : territory
--
-- `started` is the time of day in France.
select k.label as collection, k.simulated, r.data_year, r.outcome, r.started_at at time zone 'Europe/Paris' as started
  from intake.run r
  join codebook.collection k using (collection)
 where r.territory = %(territory)s
 order by r.started_at desc
 limit 20

-- grain      : one run of a territory, the newest first
-- reads      : intake.run, under its policy
-- replaces   : nothing
-- parameters : territory
select r.collection, r.data_year, r.outcome, r.started_at
  from intake.run r
 where r.territory = %(territory)s
 order by r.started_at desc
 limit 20

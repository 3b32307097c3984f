-- grain      : one data year of one collection that a territory is asked, the newest first
-- reads      : reference.campaign_departement, codebook.collection, intake.run, portal.shown_finding, all under their policies
-- replaces   : nothing
-- parameters : territory
--
-- `started` is the time of day in France. What waits for an answer is counted for the two newest years of a collection: older
-- ones are seldom looked at, and their own page counts them.
select c.collection, k.label, k.simulated, c.data_year, l.outcome, l.started,
       case when c.age <= 2 then (
            select count(*) from portal.shown_finding f
             where f.collection = c.collection and f.data_year = c.data_year and f.territory = %(territory)s
               and f.state in ('open', 'reopened')) end as waiting
  from (select d.collection, d.data_year, dense_rank() over (partition by d.collection order by d.data_year desc) as age
          from (select distinct collection, data_year from reference.campaign_departement
                 where territory = %(territory)s) d) c
  join codebook.collection k using (collection)
  left join lateral (
        select r.outcome, r.started_at at time zone 'Europe/Paris' as started
          from intake.run r
         where r.collection = c.collection and r.data_year = c.data_year and r.territory = %(territory)s
         order by r.started_at desc
         limit 1) l on true
 order by c.data_year desc, k.label

-- grain      : one territory that a data year's campaign asks
-- reads      : reference.campaign_departement, department.delivery, intake.run, query.state
-- replaces   : nothing
-- parameters : collection, data_year
select c.territory, d.territory is not null as loaded, coalesce(r.outcome = 'refused', false) as refused,
       (select count(*)::integer from query.state q
         where q.collection = %(collection)s and q.data_year = %(data_year)s and q.territory = c.territory and q.asked) as queries
  from (select distinct territory from reference.campaign_departement
         where collection = %(collection)s and data_year = %(data_year)s) c
  left join department.delivery d
         on d.collection = %(collection)s and d.data_year = %(data_year)s and d.territory = c.territory
  left join lateral (
        select x.outcome from intake.run x
         where x.collection = %(collection)s and x.data_year = %(data_year)s and x.territory = c.territory
           and x.outcome <> 'running'
         order by x.started_at desc limit 1) r on true
 order by c.territory

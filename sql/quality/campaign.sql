-- grain      : one territory of a collection in one data year
-- reads      : quality.punctuality, intake.run, department.delivery, quality.unit_response, query.state
-- replaces   : nothing
-- parameters : collection, data_year
select p.territory, p.closes, (p.first_received at time zone 'Europe/Paris')::date as received, p.deliveries,
       p.days_late, l.outcome, l.message, d.territory is not null as loaded, d.records, d.answers,
       d.rejected_answers, u.n_scope, u.n_responded, s.asked, s.answered, s.accepted, s.known, s.resolved
  from quality.punctuality p
  left join lateral (
        select r.outcome, r.message from intake.run r
         where r.collection = p.collection and r.data_year = p.data_year and r.territory = p.territory
           and r.outcome <> 'running'
         order by r.started_at desc limit 1) l on true
  left join department.delivery d
         on d.collection = p.collection and d.data_year = p.data_year and d.territory = p.territory
  left join lateral (
        select sum(n_collected)::int as n_scope, sum(n_responded)::int as n_responded
          from quality.unit_response q
         where q.collection = p.collection and q.data_year = p.data_year and q.territory = p.territory) u on true
  left join lateral (
        select count(*) filter (where i.asked) as asked,
               count(*) filter (where i.state = 'answered') as answered,
               count(*) filter (where i.state = 'accepted') as accepted,
               count(*) filter (where i.state = 'known') as known,
               count(*) filter (where i.state = 'resolved') as resolved
          from query.state i
         where i.collection = p.collection and i.data_year = p.data_year and i.territory = p.territory) s on true
 where p.collection = %(collection)s and p.data_year = %(data_year)s
 order by p.territory

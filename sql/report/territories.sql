-- grain      : one territory of a collection in one data year
-- reads      : reference.campaign_departement, intake.run, department.delivery, intake.export, intake.receipt, national.unit
-- replaces   : nothing
-- parameters : collection
--
-- What is loaded, and how the newest run ended. The date is the day its content first came in.
select c.data_year, c.territory, l.outcome, l.message, d.territory is not null as loaded,
       (e.first_received at time zone 'Europe/Paris')::date as received, f.file_name,
       u.n_scope, u.n_responded
  from (select distinct collection, data_year, territory from reference.campaign_departement
         where collection = %(collection)s) c
  left join lateral (
        select r.outcome, r.message from intake.run r
         where r.collection = c.collection and r.data_year = c.data_year and r.territory = c.territory
           and r.outcome <> 'running'
         order by r.started_at desc limit 1) l on true
  left join department.delivery d
         on d.collection = c.collection and d.data_year = c.data_year and d.territory = c.territory
  left join intake.export e on e.sha256 = d.sha256
  left join lateral (
        select i.file_name from intake.receipt i
         where i.collection = c.collection and i.data_year = c.data_year and i.territory = c.territory
           and i.sha256 = d.sha256
         order by i.received_at limit 1) f on true
  left join lateral (
        select count(*) filter (where in_scope) as n_scope,
               count(*) filter (where in_scope and responded) as n_responded
          from national.unit n
         where n.collection = c.collection and n.data_year = c.data_year and n.territory = c.territory
       ) u on true
 order by c.data_year, c.territory

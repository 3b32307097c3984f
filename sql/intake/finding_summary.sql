-- grain      : one rule of one territory in one data year, of the latest run that read its export
-- reads      : intake.run, intake.finding
-- replaces   : nothing
-- parameters : none
select r.collection, r.data_year, r.territory, f.rule, f.severity, count(*) as times,
       (array_agg(f.row_number order by f.finding_no))[1] as row_number,
       (array_agg(f.header order by f.finding_no))[1] as header,
       (array_agg(f.message order by f.finding_no))[1] as message
  from (select distinct on (collection, data_year, territory) run_id, collection, data_year, territory
          from intake.run
         where outcome in ('loaded', 'refused')
         order by collection, data_year, territory, started_at desc) r
  join intake.finding f using (run_id)
 group by r.collection, r.data_year, r.territory, f.rule, f.severity
 order by r.collection, r.data_year, r.territory,
          array_position(array['blocking', 'error', 'query', 'info'], f.severity), f.rule

-- grain      : one territory that these flow runs have brought to an end
-- reads      : intake.run, intake.receipt, intake.finding
-- replaces   : nothing
-- parameters : flow_runs
select r.run_id, r.collection, r.data_year, r.territory, r.outcome, r.message,
       coalesce(r.records, 0) as records, coalesce(r.answers, 0) as answers,
       coalesce(r.rejected_answers, 0) as rejected,
       coalesce((select i.file_name
                   from intake.receipt i
                  where i.sha256 = r.sha256 and i.collection = r.collection
                    and i.data_year = r.data_year and i.territory = r.territory
                  order by i.received_at desc
                  limit 1), '') as file_name,
       (select coalesce(json_object_agg(f.severity, f.times), '{}'::json)
          from (select severity, count(*) as times
                  from intake.finding
                 where run_id = r.run_id
                 group by severity) f) as findings
  from (select distinct on (collection, data_year, territory) *
          from intake.run
         where flow_run = any(%(flow_runs)s::text[]) and outcome <> 'running'
         -- What one of them has loaded, the next finds unchanged.
         order by collection, data_year, territory, outcome = 'loaded' desc, started_at desc) r

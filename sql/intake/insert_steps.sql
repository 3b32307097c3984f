-- grain      : one step of a run, or one refresh
-- reads      : nothing
-- replaces   : nothing; adds to intake.step
-- parameters : steps (JSON, `ago` in seconds since the step began)
insert into intake.step (run_id, collection, data_year, territory, step, outcome, reason, counts, together, seconds, started_at)
select s.run_id, s.collection, s.data_year, s.territory, s.step, s.outcome, s.reason, s.counts, s.together, s.seconds,
       clock_timestamp() - make_interval(secs => s.ago)
  from jsonb_to_recordset(%(steps)s::jsonb)
       as s (run_id uuid, collection text, data_year smallint, territory text, step text, outcome text, reason text,
             counts jsonb, together smallint, seconds double precision, ago double precision)

-- grain      : one step of a run, in the order of noting
-- reads      : quality.run_step
-- replaces   : nothing
-- parameters : run_id
select step, outcome, reason, counts, together, seconds, started_at
  from quality.run_step
 where run_id = %(run_id)s
 order by step_no

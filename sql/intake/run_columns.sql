-- grain      : one question that had a column in one run
-- reads      : intake.run_column
-- replaces   : nothing
-- parameters : run_id
select question, filled
  from intake.run_column
 where run_id = %(run_id)s
 order by question

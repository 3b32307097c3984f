-- grain      : one rule at one place in one run
-- reads      : intake.finding
-- replaces   : nothing
-- parameters : run_id
select finding_no, rule, severity, file_name, sheet, row_number, header, unit_id, question, raw, message, advice
  from intake.finding
 where run_id = %(run_id)s
 order by finding_no

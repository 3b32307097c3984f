-- grain      : one rule at one place in one run
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to intake.finding
-- parameters : none
copy intake.finding (run_id, finding_no, rule, severity, file_name, sheet, row_number, header, unit_id, question, raw, message, advice)
from stdin (format csv)

-- grain      : one question that had a column in one run
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to intake.run_column
-- parameters : none
copy intake.run_column (run_id, question, filled) from stdin (format csv)

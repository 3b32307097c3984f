-- grain      : one unit × one question
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to department.answer
-- parameters : none
copy department.answer (collection, data_year, territory, unit_id, question, row_number, raw, number, code, text, status)
from stdin (format csv)

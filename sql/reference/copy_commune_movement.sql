-- grain      : one line of the shipped file, reshaped
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.commune_movement
-- parameters : none
copy reference.commune_movement (movement_no, kind, effective, type_before, code_before, name_before, type_after, code_after, name_after)
from stdin (format csv)

-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.region
-- parameters : none
copy reference.region (code, name, valid_from, valid_to)
from stdin (format csv)

-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.commune
-- parameters : none
copy reference.commune (code, name, valid_from, valid_to, departement)
from stdin (format csv)

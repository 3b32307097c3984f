-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.collectivite
-- parameters : none
copy reference.collectivite (code, name, departement, epci, valid_from, valid_to, verified, source)
from stdin (format csv, header true, delimiter ';')

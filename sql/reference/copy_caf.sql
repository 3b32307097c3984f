-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.caf
-- parameters : none
copy reference.caf (departement, name, valid_from, valid_to, verified, merged_from, merged_on, note)
from stdin (format csv, header true, delimiter ';')

-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.arrondissement_municipal
-- parameters : none
copy reference.arrondissement_municipal (code, name, commune)
from stdin (format csv, header true, delimiter ';')

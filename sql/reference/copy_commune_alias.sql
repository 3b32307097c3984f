-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.commune_alias
-- parameters : none
copy reference.commune_alias (code, commune, as_of, kind, note)
from stdin (format csv, header true, delimiter ';')

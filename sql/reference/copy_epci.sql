-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.epci
-- parameters : none
copy reference.epci (siren, name, nature, first_year, last_year)
from stdin (format csv, header true, delimiter ';')

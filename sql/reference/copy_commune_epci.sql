-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.commune_epci
-- parameters : none
copy reference.commune_epci (commune, epci, first_year, last_year)
from stdin (format csv, header true, delimiter ';')

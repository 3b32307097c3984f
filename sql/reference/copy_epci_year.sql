-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.epci_year
-- parameters : none
copy reference.epci_year (year, status)
from stdin (format csv, header true, delimiter ';')

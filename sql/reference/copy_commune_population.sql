-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.commune_population
-- parameters : none
copy reference.commune_population (code, year, geography, population)
from stdin (format csv, header true, delimiter ';')

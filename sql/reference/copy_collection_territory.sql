-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.collection_territory
-- parameters : none
copy reference.collection_territory (data_year, territory, departement, certainty, source)
from stdin (format csv, header true, delimiter ';')

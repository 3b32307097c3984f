-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.collection_extent
-- parameters : none
copy reference.collection_extent (data_year, edition, territories_stated, departements_stated, membership, source, note)
from stdin (format csv, header true, delimiter ';')

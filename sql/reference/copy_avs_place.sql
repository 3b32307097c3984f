-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.avs_place
-- parameters : none
copy reference.avs_place (place_no, name, siret, siret_valid, presumed, departement, source)
from stdin (format csv)

-- grain      : one line of the shipped file
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.departement
-- parameters : none
copy reference.departement (code, name, zone, region_2016, region_1970)
from stdin (format csv)

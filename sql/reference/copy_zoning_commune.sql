-- grain      : one line of the shipped file, reshaped
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.zoning_commune
-- parameters : none
copy reference.zoning_commune (zoning, line_no, commune, area, name, status)
from stdin (format csv)

-- grain      : one line of the shipped file, reshaped
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.zoning
-- parameters : none
copy reference.zoning (zoning, family, label, valid_from, valid_to, geography, scope, complete, file, loaded, source, note)
from stdin (format csv)

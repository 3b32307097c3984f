-- grain      : one line of the shipped file, reshaped
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to reference.commune_successor
-- parameters : none
copy reference.commune_successor (code, valid_from, ended, successor, cause, guessed, parts)
from stdin (format csv)

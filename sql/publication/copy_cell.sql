-- grain      : one sum of a vintage
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to publication.cell
-- parameters : none
copy publication.cell (vintage_no, quantity, population, level, area, breakdown, category, value, weight, reason, below, above, lower,
                       upper, is_whole, knower, standing, hidden)
from stdin (format csv, force_not_null (reason, knower))

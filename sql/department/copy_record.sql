-- grain      : one unit of one territory in one data year
-- reads      : the rows sent by the client, as CSV
-- replaces   : nothing; adds to department.record
-- parameters : none
copy department.record (collection, data_year, territory, unit_id, row_number, population, departement, accepted)
from stdin (format csv)

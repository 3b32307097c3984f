-- grain      : as indicator.cell
-- reads      : indicator.cell, codebook.collection, codebook.indicator, reference.departement, reference.region
-- replaces   : indicator.figure, whole, without blocking its readers
-- parameters : none
refresh materialized view concurrently indicator.figure

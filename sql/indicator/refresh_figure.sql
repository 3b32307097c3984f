-- grain      : as indicator.cell
-- reads      : indicator.cell, codebook.collection, codebook.indicator, reference.departement, reference.region
-- replaces   : indicator.figure, whole, without blocking its readers
-- parameters : none
--
-- A function with the owner's rights (migration 0015): refreshing is for owners only, and flows are not.
select indicator.refresh_figure()

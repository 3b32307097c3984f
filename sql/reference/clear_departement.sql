-- grain      : the table
-- reads      : nothing
-- replaces   : reference.departement: emptied, to be filled in the same transaction
-- parameters : none
delete from reference.departement

-- grain      : the table
-- reads      : nothing
-- replaces   : reference.commune: emptied, to be filled in the same transaction
-- parameters : none
delete from reference.commune

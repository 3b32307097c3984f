-- grain      : the table
-- reads      : nothing
-- replaces   : reference.region: emptied, to be filled in the same transaction
-- parameters : none
delete from reference.region

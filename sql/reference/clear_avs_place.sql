-- grain      : the table
-- reads      : nothing
-- replaces   : reference.avs_place: emptied, to be filled in the same transaction
-- parameters : none
delete from reference.avs_place

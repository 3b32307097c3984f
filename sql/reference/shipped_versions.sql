-- grain      : one shipped file
-- reads      : reference.shipped_file
-- replaces   : nothing
-- parameters : none
select name, sha256 from reference.shipped_file

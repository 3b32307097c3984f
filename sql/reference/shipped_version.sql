-- grain      : one shipped file
-- reads      : reference.shipped_file
-- replaces   : nothing
-- parameters : name
select sha256 from reference.shipped_file where name = %(name)s

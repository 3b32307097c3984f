-- grain      : the tables of zonings
-- reads      : nothing
-- replaces   : reference.zoning, reference.zoning_commune, reference.shipped_file: emptied of zonings, to be filled in the same transaction
-- parameters : names (of the files of zonings)
delete from reference.zoning;
delete from reference.zoning_commune;
delete from reference.shipped_file where name = any (%(names)s)

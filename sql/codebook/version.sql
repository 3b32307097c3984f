-- grain      : one collection
-- reads      : codebook.collection
-- replaces   : nothing
-- parameters : collection
select version from codebook.collection where collection = %(collection)s

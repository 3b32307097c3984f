-- grain      : one code of one code list
-- reads      : nothing
-- replaces   : nothing; adds to codebook.code
-- parameters : collection, list, code, position, label
insert into codebook.code (collection, list, code, position, label)
values (%(collection)s, %(list)s, %(code)s, %(position)s, %(label)s)

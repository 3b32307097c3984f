-- grain      : one population
-- reads      : nothing
-- replaces   : nothing; adds to codebook.respondent
-- parameters : collection, population, key_items, least, usable_share
insert into codebook.respondent (collection, population, key_items, least, usable_share)
values (%(collection)s, %(population)s, %(key_items)s, %(least)s, %(usable_share)s)

-- grain      : one category of one breakdown
-- reads      : nothing
-- replaces   : nothing; adds to codebook.category
-- parameters : collection, breakdown, category, position, label, codes, at_least, below
insert into codebook.category (collection, breakdown, category, position, label, codes, at_least, below)
values (%(collection)s, %(breakdown)s, %(category)s, %(position)s, %(label)s, %(codes)s, %(at_least)s, %(below)s)

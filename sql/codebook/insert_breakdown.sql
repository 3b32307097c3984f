-- grain      : one breakdown
-- reads      : nothing
-- replaces   : nothing; adds to codebook.breakdown
-- parameters : collection, breakdown, position, label, variable, of_register
insert into codebook.breakdown (collection, breakdown, position, label, variable, of_register)
values (%(collection)s, %(breakdown)s, %(position)s, %(label)s, %(variable)s, %(of_register)s)

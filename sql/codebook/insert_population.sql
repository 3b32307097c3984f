-- grain      : one population
-- reads      : nothing
-- replaces   : nothing; adds to codebook.population
-- parameters : collection, population, position, label
insert into codebook.population (collection, population, position, label)
values (%(collection)s, %(population)s, %(position)s, %(label)s)

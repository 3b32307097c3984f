-- grain      : one indicator in one data year
-- reads      : nothing
-- replaces   : nothing; adds to codebook.indicator_year
-- parameters : collection, indicator, data_year, populations, comparability, note
insert into codebook.indicator_year (collection, indicator, data_year, populations, comparability, note)
values (%(collection)s, %(indicator)s, %(data_year)s, %(populations)s, %(comparability)s, %(note)s)

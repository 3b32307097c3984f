-- grain      : one question of one data year
-- reads      : nothing
-- replaces   : nothing; adds to codebook.question
-- parameters : collection, data_year, question, position, label, variable, factor, populations
insert into codebook.question (collection, data_year, question, position, label, variable, factor, populations)
values (%(collection)s, %(data_year)s, %(question)s, %(position)s, %(label)s, %(variable)s, %(factor)s, %(populations)s)

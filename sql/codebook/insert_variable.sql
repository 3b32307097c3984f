-- grain      : one harmonised variable
-- reads      : nothing
-- replaces   : nothing; adds to codebook.variable
-- parameters : collection, variable, theme, label, kind, unit, codes
insert into codebook.variable (collection, variable, theme, label, kind, unit, codes)
values (%(collection)s, %(variable)s, %(theme)s, %(label)s, %(kind)s, %(unit)s, %(codes)s)

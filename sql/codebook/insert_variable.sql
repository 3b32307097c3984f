-- grain      : one harmonised variable
-- reads      : nothing
-- replaces   : nothing; adds to codebook.variable
-- parameters : collection, variable, theme, label, kind, unit, dated, codes
insert into codebook.variable (collection, variable, theme, label, kind, unit, dated, codes)
values (%(collection)s, %(variable)s, %(theme)s, %(label)s, %(kind)s, %(unit)s, %(dated)s, %(codes)s)

-- grain      : one indicator
-- reads      : nothing
-- replaces   : nothing; adds to codebook.indicator
-- parameters : collection, indicator, position, theme, theme_label, label, statistic, variable, codes, denominator, where_variable, where_codes, unit, decimals, headline, breakdowns, pooled, by_epci, note
insert into codebook.indicator
    (collection, indicator, position, theme, theme_label, label, statistic, variable, codes, denominator,
     where_variable, where_codes, unit, decimals, headline, breakdowns, pooled, by_epci, note)
values (%(collection)s, %(indicator)s, %(position)s, %(theme)s, %(theme_label)s, %(label)s, %(statistic)s,
        %(variable)s, %(codes)s, %(denominator)s, %(where_variable)s, %(where_codes)s, %(unit)s,
        %(decimals)s, %(headline)s, %(breakdowns)s, %(pooled)s, %(by_epci)s, %(note)s)

-- grain      : one territory in one data year
-- reads      : nothing
-- replaces   : in indicator.basis, what its share of the figures was computed from
-- parameters : collection, data_year, territory, inputs, method
insert into indicator.basis (collection, data_year, territory, inputs, method)
values (%(collection)s, %(data_year)s, %(territory)s, %(inputs)s, %(method)s)
on conflict (collection, data_year, territory) do update set inputs = excluded.inputs, method = excluded.method

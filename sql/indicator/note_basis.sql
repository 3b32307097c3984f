-- grain      : one collection in one data year
-- reads      : nothing
-- replaces   : in indicator.basis, what the cells were computed from
-- parameters : collection, data_year, basis
insert into indicator.basis (collection, data_year, basis)
values (%(collection)s, %(data_year)s, %(basis)s)
on conflict (collection, data_year) do update set basis = excluded.basis

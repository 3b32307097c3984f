-- grain      : one territory in one data year
-- reads      : national.unit
-- replaces   : in indicator.basis, what its share of the figures was computed from
-- parameters : collection, data_year, territory, inputs, former_inputs, method
insert into indicator.basis (collection, data_year, territory, inputs, former_inputs, method, departements)
values (%(collection)s, %(data_year)s, %(territory)s, %(inputs)s, %(former_inputs)s, %(method)s,
        array(select distinct departement from national.unit
               where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s and in_scope
               order by 1))
on conflict (collection, data_year, territory) do update
    set inputs = excluded.inputs, former_inputs = excluded.former_inputs, method = excluded.method, departements = excluded.departements

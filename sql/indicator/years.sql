-- grain      : one data year of a collection of which something is loaded or has figures
-- reads      : department.delivery, indicator.basis
-- replaces   : nothing
-- parameters : collection
select data_year from department.delivery where collection = %(collection)s
union
select data_year from indicator.basis where collection = %(collection)s
order by data_year

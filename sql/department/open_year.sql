-- grain      : one data year
-- reads      : nothing
-- replaces   : nothing; makes the parts of both layers that hold the data year, where they are not there
-- parameters : data_year
select department.open_year(%(data_year)s)

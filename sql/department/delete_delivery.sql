-- grain      : one territory in one data year
-- reads      : nothing
-- replaces   : department.delivery, department.answer, department.record, national.observation, national.unit: emptied for that territory and data year
-- parameters : collection, territory, data_year
delete from department.delivery
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s;
delete from department.answer
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s;
delete from department.record
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s;
delete from national.observation
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s;
delete from national.unit
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s

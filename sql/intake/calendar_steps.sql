-- grain      : one step that is done, of a territory or (null) of the campaign as a whole
-- reads      : intake.calendar_step
-- replaces   : nothing
-- parameters : collection, data_year
select territory, key
  from intake.calendar_step
 where collection = %(collection)s and data_year = %(data_year)s

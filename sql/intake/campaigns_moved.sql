-- grain      : one campaign of which a territory is open until that day or later by decision
-- reads      : intake.calendar_decision
-- replaces   : nothing
-- parameters : since
select distinct collection, data_year
  from intake.calendar_decision
 where subject = 'closes' and day >= %(since)s

-- grain      : one territory of one campaign that is closed; no row where it is not
-- reads      : quality.campaign_calendar
-- replaces   : nothing
-- parameters : collection, data_year, territory
select closes
  from quality.campaign_calendar
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s and closed

-- grain      : one territory of one campaign, by its code
-- reads      : quality.campaign_state
-- replaces   : nothing
-- parameters : collection, data_year
select territory, label, opens, deadline, closes, reminders, query_reminders, closed, departements,
       (first_received at time zone 'Europe/Paris')::date as received, outcome, failing, loaded, records, asked, answered,
       collected_at, silent_since
  from quality.campaign_state
 where collection = %(collection)s and data_year = %(data_year)s
 order by territory

-- grain      : one territory of one campaign
-- reads      : nothing
-- replaces   : nothing; adds to reference.campaign_territory
-- parameters : collection, data_year, territory, label, opens, deadline, closes, reminders, query_reminders
insert into reference.campaign_territory
    (collection, data_year, territory, label, opens, deadline, closes, reminders, query_reminders)
values (%(collection)s, %(data_year)s, %(territory)s, %(label)s, %(opens)s, %(deadline)s, %(closes)s,
        %(reminders)s::date[], %(query_reminders)s::date[])

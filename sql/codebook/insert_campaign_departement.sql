-- grain      : one département of one campaign
-- reads      : nothing
-- replaces   : nothing; adds to reference.campaign_departement
-- parameters : collection, data_year, territory, departement, perimeter
insert into reference.campaign_departement (collection, data_year, territory, departement, perimeter)
values (%(collection)s, %(data_year)s, %(territory)s, %(departement)s, %(perimeter)s)

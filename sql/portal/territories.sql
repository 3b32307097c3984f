-- grain      : one territory that the account may read
-- reads      : reference.campaign_departement, under its policy
-- replaces   : nothing
-- parameters : none
select territory, array_agg(distinct collection order by collection) as collections, max(data_year) as last_year
  from reference.campaign_departement
 group by territory
 order by territory

-- grain      : one row: a territory's data year of one collection; none where the account may not read it
-- reads      : reference.campaign_departement, codebook.collection, codebook.campaign
-- replaces   : nothing
-- parameters : collection, territory, data_year
select c.collection, c.territory, c.data_year, k.label, k.simulated, p.campaign_year
  from reference.campaign_departement c
  join codebook.collection k using (collection)
  left join codebook.campaign p using (collection, data_year)
 where c.collection = %(collection)s and c.data_year = %(data_year)s and c.territory = %(territory)s
 limit 1

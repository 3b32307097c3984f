-- grain      : one territory that the account may read × collection, with its data years
-- reads      : reference.campaign_departement, under its policy; codebook.collection
-- replaces   : nothing
-- parameters : none
select c.territory, c.collection, k.label, k.simulated, array_agg(distinct c.data_year order by c.data_year) as data_years
  from reference.campaign_departement c
  join codebook.collection k using (collection)
 group by c.territory, c.collection, k.label, k.simulated
 order by c.territory, c.collection

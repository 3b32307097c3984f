-- grain      : one territory that the account may read × collection
-- reads      : reference.campaign_departement, under its policy; codebook.collection
-- replaces   : nothing
-- parameters : none
select c.territory, k.label as collection, k.simulated, max(c.data_year) as last_year
  from reference.campaign_departement c
  join codebook.collection k using (collection)
 group by c.territory, k.label, k.simulated
 order by c.territory, k.label

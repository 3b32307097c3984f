-- grain      : one territory that the account may read × collection
-- reads      : reference.campaign_departement and reference.campaign_territory, under their policies; codebook.collection
-- replaces   : nothing
-- parameters : none
--
-- Its name is that of the newest campaign; its code until a run has copied the campaign's calendar.
select c.territory, coalesce((array_agg(t.label order by c.data_year desc) filter (where t.label is not null))[1], c.territory) as name,
       k.label as collection, k.simulated, max(c.data_year) as last_year
  from reference.campaign_departement c
  join codebook.collection k using (collection)
  left join reference.campaign_territory t using (collection, data_year, territory)
 group by c.territory, k.label, k.simulated
 order by c.territory, k.label

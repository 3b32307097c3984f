-- grain      : one headline figure of one data year over the whole of what was collected
-- reads      : publication.figure, codebook.collection
-- replaces   : nothing
-- parameters : none
select f.collection, f.collection_label, f.simulated, f.data_year, f.label, f.population, f.area_label,
       f.statistic, f.unit, f.decimals, f.value, f.status, f.n_item, f.n_responded, f.n_scope,
       k.unit_label_plural
  from publication.figure f
  join codebook.collection k using (collection)
 where f.headline and f.level in ('france', 'surveyed') and f.breakdown = 'all'
   and f.population is distinct from k.pooled_population
 order by f.collection, f.data_year, f.position, f.population

-- grain      : one campaign of which a run was begun since then
-- reads      : intake.run
-- replaces   : nothing
-- parameters : since, collections, data_years
select collection, data_year,
       count(*) filter (where outcome = 'loaded') as loaded,
       count(*) filter (where outcome = 'unchanged') as unchanged,
       count(*) filter (where outcome = 'refused') as refused,
       count(*) filter (where outcome = 'failed') as failed,
       extract(epoch from max(coalesce(finished_at, clock_timestamp())) - min(started_at))::float8 as seconds
  from (select distinct on (collection, data_year, territory) *
          from intake.run
         where started_at >= %(since)s::timestamptz
           and (collection, data_year)
               in (select * from unnest(%(collections)s::text[], %(data_years)s::smallint[]))
         -- What a run has loaded, the next finds unchanged.
         order by collection, data_year, territory, outcome = 'loaded' desc, started_at desc) r
 group by collection, data_year
 order by data_year, min(started_at)

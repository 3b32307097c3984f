-- grain      : one territory that the figures of an area were made from
-- reads      : indicator.lineage
-- replaces   : nothing
-- parameters : collection, data_year, level, area
select territory, file_name, sha256, run_id::text as run_id, finished_at, codebook_version, records, answers
  from indicator.lineage
 where collection = %(collection)s and data_year = %(data_year)s and level = %(level)s and area = %(area)s
 order by territory

-- grain      : one data year that has a released vintage: its newest
-- reads      : publication.vintage, publication.release
-- replaces   : nothing
-- parameters : collection
select distinct on (v.data_year)
       v.vintage_no, v.collection, v.data_year, v.number, v.codebook, v.code, r.kind, r.reason, r.decided_by, r.released_on
  from publication.vintage v
  join publication.release r using (vintage_no)
 where v.collection = %(collection)s
 order by v.data_year, v.number desc

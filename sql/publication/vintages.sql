-- grain      : one vintage, proposed or released
-- reads      : publication.vintage, publication.checks, publication.release
-- replaces   : nothing
-- parameters : collection, data_year
--
-- A data year that is null leaves none out.
select v.vintage_no, v.collection, v.data_year, v.number, v.codebook, v.code, v.inputs, c.checks, v.proposed_at,
       r.kind, r.reason, r.decided_by, r.released_on
  from publication.vintage v
  left join publication.checks c using (vintage_no)
  left join publication.release r using (vintage_no)
 where v.collection = %(collection)s and v.data_year = coalesce(%(data_year)s::integer, v.data_year)
 order by v.data_year, v.number

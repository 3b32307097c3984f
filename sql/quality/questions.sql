-- grain      : one question of a collection in one data year
-- reads      : quality.item_response, codebook.question
-- replaces   : nothing
-- parameters : collection, data_year
select r.question, q.label, sum(r.n_asked)::int as n_asked, sum(r.n_answered)::int as n_answered,
       sum(r.n_missing)::int as n_missing, sum(r.n_rejected)::int as n_rejected,
       sum(r.n_corrected)::int as n_corrected, sum(r.n_confirmed)::int as n_confirmed
  from quality.item_response r
  join codebook.question q
    on q.collection = r.collection and q.data_year = r.data_year and q.question = r.question
 where r.collection = %(collection)s and r.data_year = %(data_year)s
 group by r.question, q.label, q.position
having sum(r.n_asked) > 0
 order by sum(r.n_answered)::numeric / sum(r.n_asked), q.position

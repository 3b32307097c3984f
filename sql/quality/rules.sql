-- grain      : one rule of a collection in one data year
-- reads      : quality.finding_by_rule
-- replaces   : nothing
-- parameters : collection, data_year
select rule, severity, sum(found)::int as found, count(*) filter (where found > 0) as territories,
       sum(asked)::int as asked, sum(answered)::int as answered, sum(accepted)::int as accepted,
       sum(known)::int as known, sum(resolved)::int as resolved,
       max(advice) as advice
  from quality.finding_by_rule
 where collection = %(collection)s and data_year = %(data_year)s
 group by rule, severity
 order by array_position(array['blocking', 'error', 'query', 'info'], severity), sum(found) desc, rule

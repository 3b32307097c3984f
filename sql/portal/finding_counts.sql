-- grain      : one value of one of the things that findings are sorted by: severity and state, rule, structure, question
-- reads      : portal.shown_finding, reference.structure
-- replaces   : nothing
-- parameters : collection, territory, data_year
select f.severity, f.state, f.rule, f.unit_id, f.question, f.name, f.header, f.findings
  from (select t.severity, coalesce(t.state, 'told') as state, t.rule, t.unit_id, t.question, max(s.name) as name,
               max(t.header) as header, count(*) as findings,
               grouping(t.severity) + grouping(t.rule) * 2 + grouping(t.unit_id) * 4 + grouping(t.question) * 8 as left_out
          from portal.shown_finding t
          left join reference.structure s on s.data_year = t.data_year and s.structure_id = t.unit_id
         where t.collection = %(collection)s and t.data_year = %(data_year)s and t.territory = %(territory)s
         group by grouping sets ((t.severity, coalesce(t.state, 'told')), (t.rule), (t.unit_id), (t.question))) f
 where f.left_out not in (11, 7) or f.unit_id is not null or f.question is not null
 order by f.rule, f.name, f.unit_id, f.header

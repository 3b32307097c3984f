-- grain      : one finding that is asked or told, with the reply that stands; `total` is how many there are without the page
-- reads      : portal.shown_finding, query.reply, reference.structure
-- replaces   : nothing
-- parameters : collection, territory, data_year, item_key, severity, states, rule, unit_id, question, most, past
--
-- A parameter that is null leaves nothing out. `states` has the word `told` for information, which has no state.
select f.item_key, f.version, coalesce(f.state, 'told') as state, f.severity, f.rule, f.unit_id, f.question, f.header,
       f.row_number, f.raw, f.message, f.advice, f.kind, f.reply_id, f.reason, f.at at time zone 'Europe/Paris' as at,
       s.name, r.value, r.author as replied_by, r.reason as replied_because, count(*) over () as total
  from portal.shown_finding f
  left join query.reply r on r.reply_id = f.reply_id
  left join reference.structure s on s.data_year = f.data_year and s.structure_id = f.unit_id
 where f.collection = %(collection)s and f.data_year = %(data_year)s and f.territory = %(territory)s
   and (%(item_key)s::text is null or f.item_key = %(item_key)s)
   and (%(severity)s::text is null or f.severity = %(severity)s)
   and (%(states)s::text[] is null or coalesce(f.state, 'told') = any (%(states)s))
   and (%(rule)s::text is null or f.rule = %(rule)s)
   and (%(unit_id)s::text is null or f.unit_id = %(unit_id)s)
   and (%(question)s::text is null or f.question = %(question)s)
 order by array_position(array['blocking', 'error', 'query', 'info'], f.severity), f.row_number nulls first, f.rule, f.item_key,
          f.header, f.unit_id
 limit %(most)s offset %(past)s

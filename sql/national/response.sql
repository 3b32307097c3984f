-- grain      : one delivered unit of one territory in one data year
-- reads      : national.unit, national.observation, codebook.respondent
-- replaces   : in national.unit, who responded and is usable, and the counts that say so
-- parameters : collection, territory, data_year
--
-- Runs after national/observation and before what is derived: a derived value is nobody's answer. Where no key items
-- are declared, whoever delivered an accepted record responded.
update national.unit u
   set key_answered = c.key_answered, items_asked = c.items_asked, items_answered = c.items_answered,
       responded = u.in_scope and c.is_respondent,
       usable = u.in_scope and c.is_respondent and c.items_answered >= c.usable_share * c.items_asked
  from (select d.unit_id, count(*) filter (where o.has_value and o.variable = any (k.key_items)) as key_answered,
               count(*) filter (where o.concerns) as items_asked, count(*) filter (where o.has_value) as items_answered,
               count(*) filter (where o.has_value and o.variable = any (k.key_items)) >= coalesce(min(k.least), 0) as is_respondent,
               coalesce(min(k.usable_share), 0) as usable_share
          from national.unit d
          left join codebook.respondent k on k.collection = d.collection and k.population = d.population
          left join (select unit_id, variable, status in ('reported', 'confirmed', 'corrected') as has_value,
                            status not in ('not_asked', 'not_concerned') as concerns
                       from national.observation
                      where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s) o
                 on o.unit_id = d.unit_id
         where d.collection = %(collection)s and d.data_year = %(data_year)s and d.territory = %(territory)s
           and d.delivered
         group by d.unit_id) c
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.unit_id = c.unit_id

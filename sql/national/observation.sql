-- grain      : one unit × one harmonised variable of one territory in one data year
-- reads      : department.answer, codebook.question, national.unit
-- replaces   : nothing; adds to national.observation (emptied before by department/delete_delivery)
-- parameters : collection, territory, data_year
insert into national.observation
    (collection, data_year, territory, unit_id, variable, number, code, text, status)
select a.collection, a.data_year, a.territory, a.unit_id, q.variable, a.number * q.factor, a.code, a.text,
       -- What was kept out because nobody asked is no refusal to answer.
       case when a.status = 'rejected' and not u.population = any (q.populations) then 'not_asked' else a.status end
  from department.answer a
  join codebook.question q
    on q.collection = a.collection and q.data_year = a.data_year and q.question = a.question
  join national.unit u
    on u.collection = a.collection and u.data_year = a.data_year and u.unit_id = a.unit_id
   and u.territory = a.territory
 where a.collection = %(collection)s and a.data_year = %(data_year)s and a.territory = %(territory)s
   and q.variable is not null and u.delivered

-- grain      : one row, how many structures and answers there are before and after, and how many answers differ
-- reads      : department.answer
-- replaces   : nothing
-- parameters : collection, territory, data_year
--
-- Reads the temporary table answer_before. What was not asked of a structure, or not answered, is no answer of it.
with before as (
    select * from answer_before where status not in ('missing', 'not_asked', 'not_concerned')
), after as (
    select unit_id, question, number, code, text, status
      from department.answer
     where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
       and status not in ('missing', 'not_asked', 'not_concerned')
)
select (select count(distinct unit_id) from answer_before) as structures_before,
       (select count(distinct unit_id) from department.answer
         where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s) as structures_after,
       (select count(*) from before) as answers_before,
       (select count(*) from after) as answers_after,
       count(*) filter (where b.unit_id is null) as new,
       count(*) filter (where a.unit_id is null) as gone,
       count(*) filter (where a.unit_id is not null and b.unit_id is not null
                          and (a.number, a.code, a.text, a.status) is distinct from (b.number, b.code, b.text, b.status))
           as changed
  from before b
  full join after a using (unit_id, question)

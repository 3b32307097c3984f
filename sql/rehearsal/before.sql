-- grain      : the transaction
-- reads      : department.answer, intake.finding, quality.examined_run, indicator.figure, reference.campaign_departement
-- replaces   : nothing; makes tables of what is loaded and found now, gone when the transaction ends
-- parameters : collection, territory, data_year
create temporary table answer_before on commit drop as
select unit_id, question, number, code, text, status
  from department.answer
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s;
create temporary table finding_before on commit drop as
select f.rule, f.severity, f.unit_id, f.question, f.header, f.raw
  from quality.examined_run e
  join intake.finding f using (run_id)
 where e.collection = %(collection)s and e.data_year = %(data_year)s and e.territory = %(territory)s;
create temporary table figure_before on commit drop as
select f.indicator, f.population, f.level, f.area, f.value, f.n_scope, f.n_responded, f.n_item
  from indicator.figure f
 where f.collection = %(collection)s and f.data_year = %(data_year)s and f.headline
   and (f.level in ('france', 'surveyed')
        or f.level = 'departement'
           and f.area in (select c.departement from reference.campaign_departement c
                           where c.collection = f.collection and c.data_year = f.data_year
                             and c.territory = %(territory)s))

-- grain      : one rule and severity of which findings come or go
-- reads      : intake.finding
-- replaces   : nothing
-- parameters : run_id
--
-- Reads the temporary table finding_before. A finding is the same where its rule finds the same at the same place: the row of
-- the file does not count, an export may be sorted anew.
with after as (
    select rule, severity, unit_id, question, header, raw from intake.finding where run_id = %(run_id)s
), came as (
    select * from after except all select * from finding_before
), went as (
    select * from finding_before except all select * from after
)
select severity, rule, sum(came)::int as new, sum(went)::int as gone
  from (select severity, rule, 1 as came, 0 as went from came
        union all
        select severity, rule, 0, 1 from went) moved
 group by severity, rule
 order by array_position(array['blocking', 'error', 'query', 'info'], severity), rule

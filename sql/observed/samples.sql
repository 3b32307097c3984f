-- grain      : one sample of what a monitor is told
-- reads      : nothing but the function quality.observed
-- replaces   : nothing
-- parameters : none
select name, labels, value
  from quality.observed()
 order by name, labels::text

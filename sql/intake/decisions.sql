-- grain      : one decision about the calendar, the newest first
-- reads      : intake.calendar_decision
-- replaces   : nothing
-- parameters : most
select decision_no, collection, data_year, territory, subject, day, author, reason, decided_at
  from intake.calendar_decision
 order by decision_no desc
 limit %(most)s

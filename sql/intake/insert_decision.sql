-- grain      : one decision
-- reads      : nothing
-- replaces   : nothing; adds to intake.calendar_decision
-- parameters : collection, data_year, territory, subject, day, author, reason, now
insert into intake.calendar_decision (collection, data_year, territory, subject, day, author, reason, decided_at)
values (%(collection)s, %(data_year)s, %(territory)s, %(subject)s, %(day)s, %(author)s, %(reason)s, %(now)s)

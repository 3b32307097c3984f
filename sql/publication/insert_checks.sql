-- grain      : one vintage
-- reads      : nothing
-- replaces   : nothing; adds to publication.checks
-- parameters : vintage_no, checks
insert into publication.checks (vintage_no, checks) values (%(vintage_no)s, %(checks)s::jsonb)

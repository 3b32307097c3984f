-- grain      : one collection's data year
-- reads      : nothing
-- replaces   : nothing
-- parameters : collection, data_year
--
-- One proposal at a time, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('senacs vintage ' || %(collection)s || ' ' || %(data_year)s::text, 0))

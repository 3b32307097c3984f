-- grain      : one lock for all refreshes of a collection's data year
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the lock until the transaction ends
-- parameters : collection, data_year
select pg_advisory_xact_lock(hashtextextended(format('senacs indicators %%s %%s', %(collection)s::text, %(data_year)s::int), 0))

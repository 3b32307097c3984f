-- grain      : one lock per (collection, territory, data year)
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the lock of the territory's items until the transaction ends
-- parameters : key
select pg_advisory_xact_lock(hashtextextended('query ' || %(key)s::text, 0))

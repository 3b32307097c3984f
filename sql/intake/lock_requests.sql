-- grain      : one lock per (collection, territory, data year)
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the lock of the territory's uploads and requests until the transaction ends
-- parameters : key
select pg_advisory_xact_lock(hashtextextended('requests ' || %(key)s::text, 0))

-- grain      : one lock per (collection, territory, data year)
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the lock until the session or transaction ends
-- parameters : key (text)
select pg_try_advisory_lock(hashtextextended(%(key)s::text, 0))

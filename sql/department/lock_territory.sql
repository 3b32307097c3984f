-- grain      : one lock per (collection, territory, data year)
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the session's lock
-- parameters : key
select pg_advisory_lock(hashtextextended(%(key)s::text, 0))

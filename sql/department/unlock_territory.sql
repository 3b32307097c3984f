-- grain      : one lock per (collection, territory, data year)
-- reads      : nothing
-- replaces   : nothing; gives the session's lock back
-- parameters : key
select pg_advisory_unlock(hashtextextended(%(key)s::text, 0))

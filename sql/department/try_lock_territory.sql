-- grain      : one lock per (collection, territory, data year)
-- reads      : nothing
-- replaces   : nothing; takes the session's lock if nobody has it
-- parameters : key
select pg_try_advisory_lock(hashtextextended(%(key)s::text, 0)) as locked

-- grain      : one lock for all migrations of this database
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the lock
-- parameters : none
select pg_advisory_lock(hashtextextended('senacs migrations', 0))

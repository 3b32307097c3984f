-- grain      : one lock for all migrations of this database
-- reads      : nothing
-- replaces   : nothing; gives the lock back
-- parameters : none
select pg_advisory_unlock(hashtextextended('senacs migrations', 0))

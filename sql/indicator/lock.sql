-- grain      : one lock for all refreshes of this warehouse
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the lock until the transaction ends
-- parameters : none
select pg_advisory_xact_lock(hashtextextended('senacs indicators', 0))

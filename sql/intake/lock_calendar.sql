-- grain      : one lock a campaign
-- reads      : nothing
-- replaces   : nothing; waits for, then holds, the lock of the campaign's calendar until the transaction ends
-- parameters : key
select pg_advisory_xact_lock(hashtextextended('calendar ' || %(key)s::text, 0))

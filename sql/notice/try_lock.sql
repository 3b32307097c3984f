-- grain      : one lock: who holds it delivers
-- reads      : nothing
-- replaces   : nothing; takes the session's lock if nobody has it
-- parameters : none
select pg_try_advisory_lock(hashtextextended('senacs notices', 0)) as locked

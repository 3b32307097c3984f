-- grain      : one lock: who holds it delivers
-- reads      : nothing
-- replaces   : nothing; gives the session's lock back
-- parameters : none
select pg_advisory_unlock(hashtextextended('senacs notices', 0))

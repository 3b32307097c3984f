-- grain      : one territory in one data year
-- reads      : intake.run
-- replaces   : in intake.request, closes the reruns that were asked for before this run began: it has done what they ask
-- parameters : run_id, state, message
update intake.request q
   set state = %(state)s, message = %(message)s, ended_at = now()
  from intake.run r
 where r.run_id = %(run_id)s and q.collection = r.collection and q.data_year = r.data_year and q.territory = r.territory
   and q.kind = 'rerun' and q.state = 'open' and q.asked_at <= r.started_at

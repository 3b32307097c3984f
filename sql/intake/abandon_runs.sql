-- grain      : one run of one territory in one data year
-- reads      : nothing
-- replaces   : in intake.run, closes as failed the runs that a crash left open (the caller holds the territory's lock)
-- parameters : collection, territory, data_year
update intake.run
   set outcome = 'failed', abandoned = true, finished_at = now(), message = 'Interrompu avant la fin.'
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and outcome = 'running'
returning run_id, flow_run

-- grain      : one run
-- reads      : nothing
-- replaces   : in intake.run, how the run ended
-- parameters : run_id, outcome, message, fingerprint, context, records, answers, rejected
update intake.run
   set outcome = %(outcome)s, message = %(message)s, fingerprint = %(fingerprint)s, context = %(context)s,
       records = %(records)s, answers = %(answers)s, rejected_answers = %(rejected)s,
       finished_at = now()
 where run_id = %(run_id)s

-- grain      : one request
-- reads      : nothing
-- replaces   : in intake.request, that it has ended; one that has ended stays as it is
-- parameters : request_id, state, message, result
update intake.request
   set state = %(state)s, message = %(message)s, result = %(result)s::jsonb, ended_at = now()
 where request_id = %(request_id)s and state = 'open'

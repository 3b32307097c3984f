-- grain      : one attempt
-- reads      : nothing
-- replaces   : in portal.attempt, its outcome
-- parameters : attempt_no
update portal.attempt set succeeded = true where attempt_no = %(attempt_no)s

-- grain      : one transaction
-- reads      : nothing
-- replaces   : nothing; sets the role and the session's value, until the end of the transaction
-- parameters : role, value
select set_config('role', %(role)s, true), set_config('senacs.session', %(value)s, true)

-- grain      : one row: failures of the last 15 minutes, this attempt with them
-- reads      : portal.attempt
-- replaces   : nothing
-- parameters : now, email, address
select (select count(*) from portal.attempt
         where email = %(email)s and not succeeded and at > %(now)s::timestamptz - interval '15 minutes') as of_account,
       (select count(*) from portal.attempt
         where address = %(address)s and not succeeded and at > %(now)s::timestamptz - interval '15 minutes') as of_address

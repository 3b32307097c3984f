-- grain      : one account; no row where a code of that half minute or a later one was taken before
-- reads      : nothing
-- replaces   : in portal.second_factor, the last code that was taken
-- parameters : account_no, step
update portal.second_factor set last_step = %(step)s
 where account_no = %(account_no)s and confirmed_at is not null and (last_step is null or last_step < %(step)s)
returning account_no

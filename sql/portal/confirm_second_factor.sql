-- grain      : one account; no row where it is confirmed already
-- reads      : nothing
-- replaces   : in portal.second_factor, that it is asked for from now on; the codes of portal.recovery_code
-- parameters : account_no, now, step, code_hashes
delete from portal.recovery_code where account_no = %(account_no)s;
insert into portal.recovery_code (account_no, code_hash) select %(account_no)s, h.code_hash from unnest(%(code_hashes)s::bytea[]) h(code_hash);
update portal.second_factor set confirmed_at = %(now)s, last_step = %(step)s
 where account_no = %(account_no)s and confirmed_at is null
returning account_no

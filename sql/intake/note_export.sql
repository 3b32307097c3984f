-- grain      : one run
-- reads      : nothing
-- replaces   : in intake.run, which export the run works on
-- parameters : run_id, sha256
update intake.run set sha256 = %(sha256)s where run_id = %(run_id)s

-- grain      : one run
-- reads      : nothing
-- replaces   : nothing; adds to intake.run
-- parameters : run_id, collection, territory, data_year, flow_run, codebook_version
insert into intake.run (run_id, collection, data_year, territory, flow_run, codebook_version, started_at)
values (%(run_id)s, %(collection)s, %(data_year)s, %(territory)s, %(flow_run)s, %(codebook_version)s, now())

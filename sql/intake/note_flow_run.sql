-- grain      : one request
-- reads      : nothing
-- replaces   : in intake.request, Prefect's flow run
-- parameters : request_id, flow_run
update intake.request set flow_run = %(flow_run)s where request_id = %(request_id)s

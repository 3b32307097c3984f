-- grain      : one request; none if there is no such one
-- reads      : intake.request
-- replaces   : nothing
-- parameters : request_id
select request_id, collection, data_year, territory, kind, upload_id, author, asked_at, flow_run, state, message, result, ended_at
  from intake.request
 where request_id = %(request_id)s

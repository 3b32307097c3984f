-- grain      : one request that is open, oldest first
-- reads      : intake.request
-- replaces   : nothing
-- parameters : none
select request_id, collection, data_year, territory, kind, upload_id, author, asked_at, flow_run, state, message, result, ended_at
  from intake.request
 where state = 'open'
 order by asked_at, request_id

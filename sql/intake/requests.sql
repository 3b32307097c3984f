-- grain      : one request of one territory in one data year, newest first
-- reads      : intake.request
-- replaces   : nothing
-- parameters : collection, territory, data_year
select request_id, collection, data_year, territory, kind, upload_id, author, asked_at, flow_run, state, message, result, ended_at
  from intake.request
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
 order by asked_at desc, request_id

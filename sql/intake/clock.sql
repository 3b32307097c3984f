-- grain      : one row, the moment
-- reads      : nothing
-- replaces   : nothing
-- parameters : none
select clock_timestamp() as now

-- grain      : one table or partition of which the planner keeps what territories say
-- reads      : access.told_by_statistics
-- replaces   : nothing
-- parameters : none
select distinct s.relation::text as name from access.told_by_statistics s order by 1

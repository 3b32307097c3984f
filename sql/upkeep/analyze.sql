-- grain      : every table of the database
-- reads      : nothing but a sample of each
-- replaces   : nothing but the planner's statistics, which a dump does not hold
-- parameters : none
analyze

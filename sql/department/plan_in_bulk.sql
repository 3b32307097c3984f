-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; until the transaction ends, joins are hashed or merged, never nested, and sorted in memory
-- parameters : none
--
-- A transaction works on rows that it has just written, of which the planner has no statistics: it takes them for a
-- handful and nests loops over thousands (seen: 577 s instead of 0.4 s). Every statement here is about whole
-- territories, where hashing is right at any size.
set local enable_nestloop = off;
set local work_mem = '64MB'

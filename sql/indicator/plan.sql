-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; until the transaction ends, joins and groups are hashed, in memory
-- parameters : none
--
-- A refresh works on rows that it has just written, of which the planner has no statistics: it takes them for a handful.
-- Hashing is right at any size. What it hashes, and in which order it joins, still depends on sizes: so the tables of the
-- refresh that all the rest reads are analyzed as soon as they are filled (milliseconds; measured with what is hashed by
-- it: a fifth of a national year). What it reads of the figures is named by lists, so that the index is used.
set local enable_nestloop = off;
set local enable_sort = off;
set local work_mem = '256MB'

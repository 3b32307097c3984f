-- grain      : one collection
-- reads      : nothing
-- replaces   : nothing itself; the function makes the collection's views in the schema analysis
-- parameters : collection
select analysis.make_wide_views(%(collection)s::text)

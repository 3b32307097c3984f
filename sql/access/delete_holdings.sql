-- grain      : one territory, of one collection or of all, of one login
-- reads      : nothing
-- replaces   : access.holding: emptied of those lines of the login (a trigger notes each)
-- parameters : login, territories, collection, exactly
--
-- No territories: all. No collection: all, or `exactly` the line that is for all.
delete from access.holding
 where login = %(login)s
   and (%(territories)s::text[] is null or territory = any (%(territories)s::text[]))
   and (collection is not distinct from %(collection)s::text or not %(exactly)s and %(collection)s::text is null)

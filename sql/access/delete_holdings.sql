-- grain      : one territory, of one collection or of all, of one login
-- reads      : nothing
-- replaces   : access.holding: emptied of those lines of the login (which notes each in access.event)
-- parameters : login, territories (null: all), collection (null: all), exactly (only the line of just that collection)
delete from access.holding
 where login = %(login)s
   and (%(territories)s::text[] is null or territory = any (%(territories)s::text[]))
   and (collection is not distinct from %(collection)s::text or not %(exactly)s and %(collection)s::text is null)

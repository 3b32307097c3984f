-- grain      : one act, newest first
-- reads      : access.event
-- replaces   : nothing
-- parameters : login (null: all), at_most
select event_no, at, act, login, role, territory, collection, valid_from, valid_until, author, connected_as
  from access.event
 where %(login)s::text is null or login = %(login)s::text
 order by event_no desc
 limit %(at_most)s

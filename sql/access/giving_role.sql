-- grain      : one statement that lets a login in with a group role
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : login, role
select format(s.template, %(login)s::text, %(role)s::text, current_database()) as statement
  from (values (1, 'grant %%2$I to %%1$I'), (2, 'grant connect on database %%3$I to %%1$I')) as s (place, template)
 order by s.place

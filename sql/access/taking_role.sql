-- grain      : one statement that takes a group role from a login
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : login, role
select format('revoke %%I from %%I', %(role)s::text, %(login)s::text) as statement

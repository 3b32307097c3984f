-- grain      : one statement that lets a login connect to this database no more
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : login
select format('revoke connect on database %%I from %%I', current_database(), %(login)s::text) as statement

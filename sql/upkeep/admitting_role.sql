-- grain      : one role, and the statement that lets it connect to this database
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : role
select format('grant connect on database %%I to %%I', current_database(), %(role)s::text) as statement

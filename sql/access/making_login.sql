-- grain      : one login, and the statement that makes it; the password comes as what the server keeps of it (SCRAM)
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : login, verifier
select format('create role %%I login password %%L nosuperuser nocreatedb nocreaterole noreplication',
              %(login)s::text, %(verifier)s::text) as statement

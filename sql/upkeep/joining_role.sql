-- grain      : one membership, and the statement that grants it
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : role, member
select format('grant %%I to %%I', %(role)s::text, %(member)s::text) as statement

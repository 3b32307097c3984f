-- grain      : one transaction
-- reads      : nothing
-- replaces   : nothing; names who decides what this transaction gives or takes, for access.event
-- parameters : author
select set_config('senacs.author', %(author)s, true)

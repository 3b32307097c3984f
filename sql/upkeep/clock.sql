-- grain      : one row, the server
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : summer, winter
select clock_timestamp() as now,
       extract(epoch from timezone('UTC', %(summer)s::timestamptz)
             - timezone('Europe/Paris', %(summer)s::timestamptz))::integer as summer,
       extract(epoch from timezone('UTC', %(winter)s::timestamptz)
             - timezone('Europe/Paris', %(winter)s::timestamptz))::integer as winter

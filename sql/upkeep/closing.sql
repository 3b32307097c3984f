-- grain      : one statement that a dump does not hold, for who restores: the database is closed, as the migrations 0015 and 0019 left it
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : none
select s.statement
  from (values (1, 'alter default privileges revoke execute on functions from public'),
               (2, format('revoke all on database %%I from public', current_database())),
               (3, format('grant temporary on database %%I to senacs_etl', current_database()))) as s (place, statement)
 where s.place = 1 or pg_has_role((select datdba from pg_database where datname = current_database()), 'usage')
 order by s.place

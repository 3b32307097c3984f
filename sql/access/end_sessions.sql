-- grain      : one session of a login in this database, ended
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : login
select pg_terminate_backend(pid)
  from pg_stat_activity
 where datname = current_database() and usename = %(login)s::name and pid <> pg_backend_pid()

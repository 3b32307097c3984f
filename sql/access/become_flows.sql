-- grain      : one session; no row where its login is not of the flows, or the warehouse knows no roles yet
-- reads      : nothing but the server's catalogues
-- replaces   : nothing; the session's role
-- parameters : none
select set_config('role', 'senacs_etl', false) as role
 where to_regnamespace('access') is not null
   and pg_has_role(session_user, to_regrole('senacs_etl')::oid, 'member')

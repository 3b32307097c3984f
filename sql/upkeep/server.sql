-- grain      : one row, the server and the database
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : none
select current_setting('server_version') as version,
       current_setting('server_version_num')::integer / 10000 as major,
       pg_encoding_to_char(d.encoding) as encoding,
       current_setting('fsync') = 'on' as fsync,
       pg_database_size(d.oid) as bytes,
       current_user::text as "user"
  from pg_database d
 where d.datname = current_database()

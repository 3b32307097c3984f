-- grain      : one role of the server; no row if there is none of that name
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : login
--
-- `mighty`: what it may beside what we give it, and would pass our rules by. Memberships of roles that are ours for people
-- are none of that; those of PostgreSQL's own (pg_read_all_data…) are.
with recursive role as (
    select oid, rolname, rolcanlogin from pg_roles where rolname = %(login)s
), through as (
    select oid from role
     union
    select m.roleid from through t join pg_auth_members m on m.member = t.oid
)
select r.rolcanlogin as logs_in,
       array(select distinct x.what
               from through t
               join pg_roles g on g.oid = t.oid
               cross join lateral (values
                    ('superuser', g.rolsuper), ('bypassrls', g.rolbypassrls), ('createrole', g.rolcreaterole),
                    ('createdb', g.rolcreatedb), ('replication', g.rolreplication),
                    ('member of ' || g.rolname,
                     g.oid <> r.oid
                     and g.rolname not in ('senacs_correspondent', 'senacs_national_analyst', 'senacs_public')),
                    ('owner of the database',
                     exists (select from pg_database d where d.datname = current_database() and d.datdba = g.oid)),
                    ('owner of the warehouse',
                     exists (select from pg_namespace n where n.nspname = 'access' and n.nspowner = g.oid))
               ) as x (what, holds)
              where x.holds
              order by 1)::text[] as mighty,
       array(select g.rolname
               from pg_auth_members m join pg_roles g on g.oid = m.roleid
              where m.member = r.oid
              order by 1)::text[] as member_of,
       has_database_privilege(r.oid, current_database(), 'connect') as connects
  from role r

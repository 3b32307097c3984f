-- grain      : one login × group role, with one of its territories; several lines where it holds several
-- reads      : access.holding
-- replaces   : nothing
-- parameters : none
select coalesce(m.login, h.login) as login, m.role, h.territory, h.collection, h.valid_from, h.valid_until, h.given_by,
       h.given_at, r.oid is not null as is_there,
       r.oid is not null and has_database_privilege(r.oid, current_database(), 'connect') as connects
  from (select u.rolname::text as login, g.rolname::text as role
          from pg_auth_members a
          join pg_roles g on g.oid = a.roleid
          join pg_roles u on u.oid = a.member
         where g.rolname in ('senacs_etl', 'senacs_correspondent', 'senacs_national_analyst', 'senacs_public')
           and u.rolcanlogin) m
  full join access.holding h on h.login = m.login and m.role = 'senacs_correspondent'
  left join pg_roles r on r.rolname = coalesce(m.login, h.login)
 order by 1, 2, 3, 4 nulls first

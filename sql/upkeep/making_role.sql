-- grain      : one role, and the statements that make it as it was but for its password
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : name, login, inherit, bypassrls
select format('create role %%I %%s %%s %%s', %(name)s::text,
              case when %(login)s then 'login' else 'nologin' end,
              case when %(inherit)s then 'inherit' else 'noinherit' end,
              case when %(bypassrls)s then 'bypassrls' else '' end) as statement

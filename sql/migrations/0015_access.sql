-- Who may read and write what: roles with the least rights, rows by territory, and the record of every right that is given.
--
-- The role that runs the migrations owns everything and passes every policy. Nobody else may do more than stands here.

-- Roles belong to the server, not to this database: another warehouse of it may have made them, or be making them now.
do $$
declare
    making constant text[] := array[
        -- COPY FROM refuses tables under row-level security, for whoever the policies apply to. So the flows' role passes
        -- them, and what it may touch is said by grants alone. Nobody inherits this: it holds after `set role` only.
        'create role senacs_etl nologin bypassrls',
        'create role senacs_correspondent nologin',
        'create role senacs_national_analyst nologin',
        'create role senacs_public nologin'];
    statement text;
    mighty text;
begin
    foreach statement in array making loop
        begin
            if to_regrole(split_part(statement, ' ', 3)) is null then
                execute statement;
            end if;
        exception
            when duplicate_object or unique_violation then
                null;
            when insufficient_privilege then
                raise insufficient_privilege using message = format(
                    '%s may not make the roles that rights rest on. Let an administrator of the server run: %s; '
                    'grant senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_public to %I with admin option',
                    current_user, array_to_string(making, '; '), current_user);
        end;
    end loop;
    select string_agg(rolname, ', ' order by rolname) into mighty
      from pg_roles
     where rolname in ('senacs_etl', 'senacs_correspondent', 'senacs_national_analyst', 'senacs_public')
       and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin
            or rolbypassrls <> (rolname = 'senacs_etl'));
    if mighty is not null then
        raise insufficient_privilege using message = format(
            'the server has %s with other attributes than ours: drop them, or give them those of sql/migrations/0015_access.sql',
            mighty);
    end if;
    -- So that flows that connect as the owner can become less.
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant senacs_etl to %I', current_user);
    end if;
end $$;

-- Nothing is open to everyone, and what later migrations make begins closed.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    revoke all on schema public from public;
exception when insufficient_privilege then
    raise warning 'the database is another role''s: `senacs doctor` says what its owner has to do';
end $$;
alter default privileges revoke execute on functions from public;

create schema access;
comment on schema access is 'Who may read which territory, who gave that right, and when.';

create table access.holding (
    holding_no  bigint generated always as identity primary key,
    login       text not null check (login <> ''),
    territory   text not null check (territory <> ''),
    collection  text,
    valid_from  date not null,
    valid_until date,
    given_by    text not null check (given_by <> ''),
    given_at    timestamptz not null default now(),
    unique nulls not distinct (login, territory, collection),
    check (valid_until >= valid_from)
);
comment on table access.holding is 'Which login may read which territory. Grain: one territory, of one collection or of all, of one login. Only the owner writes it (`senacs access`); each line that comes or goes is in access.event.';
comment on column access.holding.holding_no is 'Number of the line.';
comment on column access.holding.login is 'Name of the role that logs in.';
comment on column access.holding.territory is 'Collection territory.';
comment on column access.holding.collection is 'Collection; null for all.';
comment on column access.holding.valid_from is 'First day, in Paris.';
comment on column access.holding.valid_until is 'Last day, in Paris; null: until it is taken back.';
comment on column access.holding.given_by is 'Who decided.';
comment on column access.holding.given_at is 'When it was given.';

create table access.event (
    event_no    bigint generated always as identity primary key,
    at          timestamptz not null default clock_timestamp(),
    act         text not null check (act in ('login made', 'role given', 'role taken', 'territory given', 'territory taken')),
    login       text not null,
    role        text,
    territory   text,
    collection  text,
    valid_from  date,
    valid_until date,
    author      text not null check (author <> ''),
    connected_as text not null default session_user
);
comment on table access.event is 'Every right given or taken back, added and never changed. Grain: one act.';
comment on column access.event.event_no is 'Order of the acts.';
comment on column access.event.at is 'When.';
comment on column access.event.act is 'What was done.';
comment on column access.event.login is 'Whose right it is.';
comment on column access.event.role is 'Group role, where one was given or taken.';
comment on column access.event.territory is 'Territory, where one was given or taken.';
comment on column access.event.collection is 'Its collection; null for all.';
comment on column access.event.valid_from is 'First day of the right.';
comment on column access.event.valid_until is 'Last day of the right; null where none is set.';
comment on column access.event.author is 'Who decided.';
comment on column access.event.connected_as is 'Role that was logged in to the database.';

create function access.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'access.%: lines are never changed; a right is taken back and given anew', tg_table_name;
end $$;
comment on function access.refuse_change() is 'Trigger: refuses the statement.';
create trigger event_is_kept before update or delete or truncate on access.event
    for each statement execute function access.refuse_change();
create trigger holding_is_not_changed before update or truncate on access.holding
    for each statement execute function access.refuse_change();

create function access.note_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    line access.holding;
begin
    -- A trigger, so that a line written by hand is recorded as well.
    line := case tg_op when 'INSERT' then new else old end;
    insert into access.event (act, login, territory, collection, valid_from, valid_until, author)
    values (case tg_op when 'INSERT' then 'territory given' else 'territory taken' end, line.login, line.territory,
            line.collection, line.valid_from, line.valid_until,
            coalesce(nullif(current_setting('senacs.author', true), ''), session_user));
    return null;
end $$;
comment on function access.note_change() is 'Trigger: adds to access.event what came or went; who decided is the setting senacs.author, else who is logged in.';
create trigger holding_is_noted after insert or delete on access.holding
    for each row execute function access.note_change();

-- Whose rows: `session_user` is who logged in, and stays so after `set role` and inside any function; `current_user` does
-- not. Accounts are personal, so a login that is made a member of another one reads no row more for it, and an
-- administrator who takes a correspondent's role reads none at all.
-- The day is that of the statement, in Paris: a session may set its own time zone, or keep a transaction open for days.
create view access.held with (security_invoker = true) as
select k.collection, h.territory
  from access.holding h
  join codebook.collection k on h.collection is null or k.collection = h.collection
 where h.login = session_user
   and (statement_timestamp() at time zone 'Europe/Paris')::date between h.valid_from and coalesce(h.valid_until, 'infinity');
comment on view access.held is 'What the login of this session may read today. Grain: one territory of one collection.';
comment on column access.held.collection is 'Collection.';
comment on column access.held.territory is 'Territory.';

alter table access.holding enable row level security;
alter table access.event enable row level security;
create policy own on access.holding for select to senacs_correspondent using (login = session_user);
comment on policy own on access.holding is 'A login sees what itself holds.';

-- Rows that say whose they are.
do $$
declare
    relation regclass;
begin
    foreach relation in array array[
            'intake.receipt', 'intake.run', 'intake.sighting', 'department.delivery', 'department.record', 'department.answer',
            'national.unit', 'national.observation', 'query.item', 'query.reply', 'query.returned_file',
            'reference.campaign_departement']::regclass[] loop
        execute format('alter table %s enable row level security', relation);
        execute format('create policy own_territories on %s for select to senacs_correspondent '
                       'using ((collection, territory) in (select h.collection, h.territory from access.held h))', relation);
        execute format('comment on policy own_territories on %s is ''A correspondent reads the territories that access.held '
                       'names; evaluated once a statement.''', relation);
    end loop;
    -- No collection of its own: the register is there for all that ask a territory's structures.
    foreach relation in array array['reference.structure', 'reference.collection_territory']::regclass[] loop
        execute format('alter table %s enable row level security', relation);
        execute format('create policy own_territories on %s for select to senacs_correspondent '
                       'using (territory in (select h.territory from access.held h))', relation);
        execute format('comment on policy own_territories on %s is ''A correspondent reads the territories that access.held '
                       'names, of whichever collection.''', relation);
    end loop;
end $$;

-- Rows that belong to one that says it: the policy of the other table applies inside the subquery.
alter table intake.finding enable row level security;
create policy own_runs on intake.finding for select to senacs_correspondent using (run_id in (select r.run_id from intake.run r));
comment on policy own_runs on intake.finding is 'Findings of the runs that the correspondent may read.';
alter table intake.run_column enable row level security;
create policy own_runs on intake.run_column for select to senacs_correspondent using (run_id in (select r.run_id from intake.run r));
comment on policy own_runs on intake.run_column is 'Columns of the runs that the correspondent may read.';
alter table query.event enable row level security;
create policy own_items on query.event for select to senacs_correspondent using (item_key in (select i.item_key from query.item i));
comment on policy own_items on query.event is 'Events of the items that the correspondent may read.';
-- A content has no territory, two may send the same: only who reads all reads it.
alter table intake.export enable row level security;

do $$
declare
    relation regclass;
begin
    foreach relation in array array[
            'intake.export', 'intake.receipt', 'intake.run', 'intake.sighting', 'intake.finding', 'intake.run_column',
            'department.delivery', 'department.record', 'department.answer', 'national.unit', 'national.observation',
            'query.item', 'query.reply', 'query.returned_file', 'query.event',
            'reference.structure', 'reference.campaign_departement', 'reference.collection_territory']::regclass[] loop
        execute format('create policy all_territories on %s for select to senacs_national_analyst using (true)', relation);
        execute format('comment on policy all_territories on %s is ''The national team reads all.''', relation);
    end loop;
end $$;
-- Who asks which département is published.
create policy published on reference.campaign_departement for select to senacs_public using (true);
comment on policy published on reference.campaign_departement is 'campaigns.yml is public.';
create policy published on reference.collection_territory for select to senacs_public using (true);
comment on policy published on reference.collection_territory is 'Read from publications.';

-- A view answers with the rights of who asks it, not of who made it.
alter view query.state set (security_invoker = true);
alter view query.reply_in_force set (security_invoker = true);
alter view quality.examined_run set (security_invoker = true);
alter view quality.finding_by_rule set (security_invoker = true);
alter view quality.unit_response set (security_invoker = true);
alter view quality.item_response set (security_invoker = true);
alter view quality.punctuality set (security_invoker = true);

-- What the planner remembers of a column speaks of all rows: `explain` of a leakproof comparison (=, <, starts_with on
-- text) would tell a correspondent, bit by bit, values of other territories. So none is kept of what territories say;
-- of keys it is, for the plans' sake.
create view access.told_by_statistics with (security_invoker = true) as
select c.oid::regclass as relation, a.attname::text as column_name
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relkind in ('r', 'p')
   and (select p.relrowsecurity from pg_class p where p.oid = coalesce(pg_partition_root(c.oid), c.oid))
   and a.atttypid <> 'boolean'::regtype
   and a.attname not in ('collection', 'data_year', 'territory', 'population', 'departement', 'region', 'rule', 'severity',
                         'status', 'outcome')
   and not exists (select from pg_index i where i.indrelid = c.oid and a.attnum = any (i.indkey))
   and (coalesce(a.attstattarget, -1) <> 0
        or exists (select from pg_stats s
                    where s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname));
comment on view access.told_by_statistics is 'Columns that hold what territories say and of which statistics are kept, for the owner to see: must be empty. Grain: one column of one table or partition under row-level security.';
comment on column access.told_by_statistics.relation is 'Table or partition.';
comment on column access.told_by_statistics.column_name is 'Column.';

create procedure access.keep_out_of_statistics()
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    told record;
begin
    for told in select t.relation, t.column_name, n.nspname, c.relname
                  from access.told_by_statistics t
                  join pg_class c on c.oid = t.relation
                  join pg_namespace n on n.oid = c.relnamespace loop
        execute format('alter table only %s alter column %I set statistics 0', told.relation, told.column_name);
        -- What was gathered before stays until it is removed, which has a function since PostgreSQL 18.
        if current_setting('server_version_num')::integer >= 180000 then
            execute format('select pg_clear_attribute_stats(%L, %L, %L, b) from unnest(array[true, false]) b',
                           told.nspname, told.relname, told.column_name);
        elsif (select rolsuper from pg_roles where rolname = current_user) then
            delete from pg_statistic s using pg_attribute a
             where s.starelid = told.relation and a.attrelid = told.relation and a.attname = told.column_name
               and s.staattnum = a.attnum;
        end if;
    end loop;
end $$;
comment on procedure access.keep_out_of_statistics() is 'Empties access.told_by_statistics: to be called by the owner after tables or partitions under row-level security were made.';
call access.keep_out_of_statistics();

-- What only an owner may do and flows have to.
create function indicator.refresh_figure() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    refresh materialized view concurrently indicator.figure;
end $$;
comment on function indicator.refresh_figure() is 'Replaces indicator.figure, whole, without blocking its readers; with the owner''s rights.';
create function reference.renew_statistics() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    analyze reference.commune, reference.commune_successor, reference.commune_population, reference.commune_epci;
end $$;
comment on function reference.renew_statistics() is 'Lets the planner know the tables of communes after they were filled; with the owner''s rights.';
-- The functions in SQL of migration 0012 have the caller's rights and name every schema: a pinned path would only keep the
-- planner from looking into them (measured: 2,000 codes resolved in 0.13 s, pinned in 7.6 s).
alter function reference.lock_against_overlap() set search_path = pg_catalog, pg_temp;
alter function reference.refuse_overlap() set search_path = pg_catalog, pg_temp;
alter function query.refuse_change() set search_path = pg_catalog, pg_temp;

do $$
declare
    own record;
begin
    for own in select p.oid::regprocedure as signature
                 from pg_proc p
                 join pg_namespace n on n.oid = p.pronamespace
                where n.nspname in ('reference', 'codebook', 'intake', 'department', 'national', 'indicator', 'query',
                                    'quality', 'access')
                  and not exists (select from pg_depend d
                                   where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e') loop
        execute format('revoke execute on routine %s from public', own.signature);
        -- They read tables that everyone here may read, with the caller's rights.
        if own.signature::text ~ '^reference\.' and own.signature::text !~ '(lock_against|refuse|renew)_' then
            execute format('grant execute on routine %s to senacs_etl, senacs_correspondent, senacs_national_analyst, '
                           'senacs_public', own.signature);
        end if;
    end loop;
end $$;
grant execute on function indicator.refresh_figure(), reference.renew_statistics() to senacs_etl;

-- The flows: rows of the layers, no table, no role, nothing of who may read what.
grant usage on schema public, reference, codebook, intake, department, national, indicator, query, quality to senacs_etl;
grant select on public.alembic_version to senacs_etl;
grant select, insert, update, delete on all tables in schema reference, codebook to senacs_etl;
grant select, insert on intake.export, intake.receipt, intake.finding, intake.run_column to senacs_etl;
grant select, insert, update on intake.run, intake.sighting to senacs_etl;
grant select, insert, delete on department.delivery, department.record, department.answer to senacs_etl;
grant select, insert, delete on national.unit, national.observation to senacs_etl;
grant select, insert, delete on indicator.cell to senacs_etl;
grant select, insert, update on indicator.basis to senacs_etl;
grant select on indicator.figure to senacs_etl;
grant select, insert, update on query.item to senacs_etl;
grant select, insert on query.event, query.reply, query.returned_file to senacs_etl;
grant update (about) on query.reply to senacs_etl;
grant select on query.state, query.reply_in_force to senacs_etl;
grant select on all tables in schema quality to senacs_etl;

-- Correspondents: what is public, and the rows of their territories. Never indicator.cell, which holds what is confidential.
grant usage on schema reference, codebook, intake, department, national, indicator, query, quality, access to senacs_correspondent;
grant select on all tables in schema codebook, quality to senacs_correspondent;
grant select on intake.receipt, intake.run, intake.finding, intake.run_column to senacs_correspondent;
grant select on department.delivery, department.record, department.answer to senacs_correspondent;
grant select on national.unit, national.observation to senacs_correspondent;
grant select on query.item, query.event, query.reply, query.returned_file, query.state, query.reply_in_force to senacs_correspondent;
grant select on reference.structure to senacs_correspondent;
grant select (login, territory, collection, valid_from, valid_until) on access.holding to senacs_correspondent;
grant select on access.held to senacs_correspondent;

-- The national team reads all that was collected, and changes nothing.
grant usage on schema reference, codebook, intake, department, national, indicator, query, quality to senacs_national_analyst;
grant select on all tables in schema reference, codebook, intake, department, national, indicator, query, quality
    to senacs_national_analyst;

-- The public: figures after disclosure control, the codebook, the open reference data.
grant usage on schema reference, codebook, indicator to senacs_public;
grant select on all tables in schema codebook to senacs_public;
grant select on indicator.figure to senacs_public, senacs_correspondent;
do $$
declare
    relation regclass;
begin
    for relation in select c.oid::regclass
                      from pg_class c
                     where c.relnamespace = 'reference'::regnamespace and c.relkind = 'r'
                       -- Names and SIRET of structures are not for everyone; versions of files are for nobody.
                       and c.relname not in ('structure', 'avs_place', 'shipped_file') loop
        execute format('grant select on %s to senacs_public, senacs_correspondent', relation);
    end loop;
end $$;

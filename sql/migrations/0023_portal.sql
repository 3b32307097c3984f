-- The portal: who signs in, for which territories, what was done, and what PostgreSQL lets its pages read.
--
-- Two roles, taken for one transaction each. `senacs_gate` signs people in and administers accounts, and reads nothing of
-- any territory. `senacs_portal` reads territories, and nothing of accounts: which rows it gets follows from the value of
-- the session's cookie, of which only a hash is kept here. Who has no such value gets no row, whatever statement is run.

do $$
declare
    making constant text[] := array['create role senacs_portal nologin', 'create role senacs_gate nologin'];
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
                    '%s may not make the roles of the portal. Let an administrator of the server run: %s; '
                    'grant senacs_portal, senacs_gate to %I with admin option',
                    current_user, array_to_string(making, '; '), current_user);
        end;
    end loop;
    select string_agg(rolname, ', ' order by rolname) into mighty
      from pg_roles
     where rolname in ('senacs_portal', 'senacs_gate')
       and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin or rolbypassrls);
    if mighty is not null then
        raise insufficient_privilege using message = format(
            'the server has %s with other attributes than ours: drop them, or give them those of sql/migrations/0023_portal.sql',
            mighty);
    end if;
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant senacs_portal, senacs_gate to %I', current_user);
    end if;
end $$;

create schema portal;
comment on schema portal is 'Accounts of the portal, their sessions, and the record of what they did.';

create table portal.account (
    account_no bigint generated always as identity primary key,
    email      text not null unique check (email = lower(email) and email like '%_@_%'),
    name       text not null check (name <> ''),
    role       text not null check (role in ('correspondent', 'national', 'admin')),
    verifier   text,
    active     boolean not null default true,
    made_at    timestamptz not null
);
comment on table portal.account is 'People who may sign in. Grain: one person.';
comment on column portal.account.account_no is 'Number of the account.';
comment on column portal.account.email is 'Address, in small letters: what is typed to sign in.';
comment on column portal.account.name is 'Name, as the portal shows it.';
comment on column portal.account.role is 'correspondent: own territories; national: all territories, to read; admin: that, and accounts.';
comment on column portal.account.verifier is 'Argon2 hash of the password; null: no password opens it.';
comment on column portal.account.active is 'False: shut out, with all its sessions.';
comment on column portal.account.made_at is 'When it was made.';

create table portal.account_territory (
    account_no  bigint not null references portal.account,
    territory   text not null check (territory <> ''),
    collection  text,
    valid_from  date not null,
    valid_until date,
    unique nulls not distinct (account_no, territory, collection),
    check (valid_until >= valid_from)
);
comment on table portal.account_territory is 'Which account holds which territory. Grain: one territory, of one collection or of all, of one account.';
comment on column portal.account_territory.account_no is 'Account.';
comment on column portal.account_territory.territory is 'Collection territory.';
comment on column portal.account_territory.collection is 'Collection; null for all.';
comment on column portal.account_territory.valid_from is 'First day, in Paris.';
comment on column portal.account_territory.valid_until is 'Last day, in Paris; null: until it is taken back.';

create table portal.session (
    key_hash   bytea primary key check (octet_length(key_hash) = 32),
    account_no bigint not null references portal.account,
    made_at    timestamptz not null,
    seen_at    timestamptz not null,
    ends_at    timestamptz not null
);
comment on table portal.session is 'Who is signed in. Grain: one sign-in.';
comment on column portal.session.key_hash is 'SHA-256 of the value of the cookie, which is kept nowhere.';
comment on column portal.session.account_no is 'Account.';
comment on column portal.session.made_at is 'When the person signed in.';
comment on column portal.session.seen_at is 'Last request, to the minute.';
comment on column portal.session.ends_at is 'When it ends, however busy.';
create index on portal.session (account_no);

create table portal.attempt (
    attempt_no bigint generated always as identity primary key,
    at         timestamptz not null,
    email      text not null,
    address    text not null,
    succeeded  boolean not null default false
);
comment on table portal.attempt is 'Attempts to sign in, noted before the password is looked at, so that no number of processes tries more often. Grain: one attempt.';
comment on column portal.attempt.attempt_no is 'Order.';
comment on column portal.attempt.at is 'When.';
comment on column portal.attempt.email is 'What was typed, whether there is such an account or not.';
comment on column portal.attempt.address is 'Network address it came from.';
comment on column portal.attempt.succeeded is 'Whether it opened a session.';
create index on portal.attempt (email, at);
create index on portal.attempt (address, at);

create table portal.event (
    event_no   bigint generated always as identity primary key,
    at         timestamptz not null default clock_timestamp(),
    act        text not null check (act in ('account made', 'account shut out', 'password set', 'territory given', 'territory taken',
                                            'signed in', 'signed out')),
    account_no bigint not null references portal.account,
    author     text not null check (author <> ''),
    territory  text,
    collection text
);
comment on table portal.event is 'Who did what with accounts, added and never changed. Grain: one act.';
comment on column portal.event.event_no is 'Order of the acts.';
comment on column portal.event.at is 'When.';
comment on column portal.event.act is 'What was done.';
comment on column portal.event.account_no is 'Account that it was done to.';
comment on column portal.event.author is 'Who did it: the address of an account, or who ran the command.';
comment on column portal.event.territory is 'Territory, where one was given or taken.';
comment on column portal.event.collection is 'Its collection; null for all.';

create function portal.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'portal.%: lines are never changed', tg_table_name;
end $$;
comment on function portal.refuse_change() is 'Trigger: refuses the statement.';
create trigger event_is_kept before update or delete or truncate on portal.event
    for each statement execute function portal.refuse_change();

-- The setting holds the cookie's value for one transaction. Another value is of no use unless it is somebody's cookie: to
-- become another account one must know what only that person's browser knows.
create function portal.current_account() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.account_no
      from portal.session s
      join portal.account a on a.account_no = s.account_no and a.active
     where s.key_hash = sha256(convert_to(nullif(current_setting('senacs.session', true), ''), 'UTF8'))
       and statement_timestamp() < s.ends_at
       and statement_timestamp() < s.seen_at + interval '30 minutes'
$$;
comment on function portal.current_account() is 'Account whose cookie is set on this transaction (senacs.session); null where there is none, or its session ended.';

create function portal.reads_all() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from portal.account a
                    where a.account_no = portal.current_account() and a.role in ('national', 'admin'))
$$;
comment on function portal.reads_all() is 'Whether the current account reads every territory.';

create function portal.held() returns table (collection text, territory text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.collection, t.territory
      from portal.account_territory t
      join portal.account a on a.account_no = t.account_no and a.role = 'correspondent'
      join codebook.collection k on t.collection is null or k.collection = t.collection
     where t.account_no = portal.current_account()
       and (statement_timestamp() at time zone 'Europe/Paris')::date between t.valid_from and coalesce(t.valid_until, 'infinity')
$$;
comment on function portal.held() is 'What the current account holds today. Grain: one territory of one collection.';

do $$
declare
    relation regclass;
begin
    foreach relation in array array[
            'intake.receipt', 'intake.run', 'intake.sighting', 'department.delivery', 'department.record', 'department.answer',
            'national.unit', 'national.observation', 'query.item', 'query.reply', 'query.returned_file', 'intake.upload', 'intake.request',
            'reference.campaign_departement']::regclass[] loop
        execute format('create policy portal_territories on %s for select to senacs_portal using ((select portal.reads_all()) '
                       'or (collection, territory) in (select h.collection, h.territory from portal.held() h))', relation);
        execute format('comment on policy portal_territories on %s is ''The portal reads what the account signed in may.''', relation);
        execute format('grant select on %s to senacs_portal', relation);
    end loop;
    foreach relation in array array['reference.structure', 'reference.collection_territory']::regclass[] loop
        execute format('create policy portal_territories on %s for select to senacs_portal using ((select portal.reads_all()) '
                       'or territory in (select h.territory from portal.held() h))', relation);
        execute format('comment on policy portal_territories on %s is ''The portal reads what the account signed in may, of '
                       'whichever collection.''', relation);
        execute format('grant select on %s to senacs_portal', relation);
    end loop;
end $$;
create policy portal_runs on intake.finding for select to senacs_portal using (run_id in (select r.run_id from intake.run r));
comment on policy portal_runs on intake.finding is 'Findings of the runs that the portal may read.';
create policy portal_runs on intake.run_column for select to senacs_portal using (run_id in (select r.run_id from intake.run r));
comment on policy portal_runs on intake.run_column is 'Columns of the runs that the portal may read.';
create policy portal_items on query.event for select to senacs_portal using (item_key in (select i.item_key from query.item i));
comment on policy portal_items on query.event is 'Events of the items that the portal may read.';

grant usage on schema reference, codebook, intake, department, national, query, quality, portal to senacs_portal;
grant select on intake.finding, intake.run_column, query.event, query.state, query.reply_in_force to senacs_portal;
grant select on all tables in schema codebook to senacs_portal;
revoke execute on all functions in schema portal from public;
grant execute on function portal.current_account(), portal.reads_all(), portal.held() to senacs_portal;

grant usage on schema portal, reference to senacs_gate;
grant select, insert, update on portal.account, portal.session, portal.attempt to senacs_gate;
grant select, insert, delete on portal.account_territory to senacs_gate;
grant delete on portal.session, portal.attempt to senacs_gate;
grant select, insert on portal.event to senacs_gate;
alter table portal.account_territory enable row level security;
alter table portal.event enable row level security;
create policy gate on portal.account_territory to senacs_gate using (true) with check (true);
comment on policy gate on portal.account_territory is 'Accounts are administered here.';
create policy gate on portal.event to senacs_gate using (true) with check (true);
comment on policy gate on portal.event is 'Acts are added and read here.';
call access.keep_out_of_statistics();

-- Ways into the portal beside the password: invitations, a second factor, a provider of OpenID Connect, tokens for other systems.
--
-- A token stands for its account and never for more: the policies find its value where they find a cookie's, and what it
-- was narrowed to holds in PostgreSQL as well.

create table portal.invitation (
    key_hash   bytea primary key check (octet_length(key_hash) = 32),
    account_no bigint not null unique references portal.account,
    made_at    timestamptz not null,
    made_by    text not null check (made_by <> ''),
    ends_at    timestamptz not null
);
comment on table portal.invitation is 'Links that let a person choose a password, not used yet. Grain: one account; a new link replaces the one before, a used one is gone.';
comment on column portal.invitation.key_hash is 'SHA-256 of the value in the link, which is kept nowhere.';
comment on column portal.invitation.account_no is 'Account.';
comment on column portal.invitation.made_at is 'When it was made.';
comment on column portal.invitation.made_by is 'Who made it: the address of an account, or who ran the command.';
comment on column portal.invitation.ends_at is 'When it ends, unused.';

create table portal.second_factor (
    account_no   bigint primary key references portal.account,
    secret       bytea not null,
    made_at      timestamptz not null,
    confirmed_at timestamptz,
    last_step    bigint
);
comment on table portal.second_factor is 'Time-based codes (RFC 6238) that are asked for beside the password. Grain: one account.';
comment on column portal.second_factor.account_no is 'Account.';
comment on column portal.second_factor.secret is 'Secret that codes are made from, encrypted with a key that is not in this database.';
comment on column portal.second_factor.made_at is 'When it was made.';
comment on column portal.second_factor.confirmed_at is 'When the person first gave a right code; null: it is not asked for yet.';
comment on column portal.second_factor.last_step is 'Half minute, counted since 1970, of the last code that was taken: that one and older ones are taken no more.';

create table portal.recovery_code (
    account_no bigint not null references portal.account,
    code_hash  bytea not null check (octet_length(code_hash) = 32),
    primary key (account_no, code_hash)
);
comment on table portal.recovery_code is 'Codes for who has lost the telephone. Grain: one code that was not used yet.';
comment on column portal.recovery_code.account_no is 'Account.';
comment on column portal.recovery_code.code_hash is 'SHA-256 of the code, of 80 random bits.';

create table portal.required_factor (
    role    text primary key check (role in ('national', 'admin')),
    since   timestamptz not null,
    author  text not null check (author <> '')
);
comment on table portal.required_factor is 'Roles whose accounts have to have a second factor; until they have one they reach nothing else. Grain: one role.';
comment on column portal.required_factor.role is 'Role.';
comment on column portal.required_factor.since is 'Since when.';
comment on column portal.required_factor.author is 'Who decided.';

create table portal.token (
    token_no    bigint generated always as identity primary key,
    key_hash    bytea not null unique check (octet_length(key_hash) = 32),
    account_no  bigint not null references portal.account,
    label       text not null check (label <> ''),
    scope       text not null check (scope in ('read', 'change')),
    narrowed_to text[] check (narrowed_to <> '{}'),
    made_at     timestamptz not null,
    made_by     text not null check (made_by <> ''),
    ends_at     timestamptz not null check (ends_at > made_at),
    used_at     timestamptz,
    revoked_at  timestamptz,
    revoked_by  text check (revoked_by <> ''),
    check ((revoked_at is null) = (revoked_by is null))
);
create index on portal.token (account_no);
comment on table portal.token is 'What a system of a Caf or a federation shows in place of a password. Grain: one token.';
comment on column portal.token.token_no is 'Number of the token.';
comment on column portal.token.key_hash is 'SHA-256 of its value, which is kept nowhere.';
comment on column portal.token.account_no is 'Account that it stands for.';
comment on column portal.token.label is 'What it is for, in the words of who made it.';
comment on column portal.token.scope is 'read; change: reads, sends in, answers, asks for reruns.';
comment on column portal.token.narrowed_to is 'Territories that it is narrowed to, of those that the account holds; null: all of them.';
comment on column portal.token.made_at is 'When it was made.';
comment on column portal.token.made_by is 'Who made it: the address of an account, or who ran the command.';
comment on column portal.token.ends_at is 'When it ends.';
comment on column portal.token.used_at is 'When it was last used, to the minute.';
comment on column portal.token.revoked_at is 'When it was revoked; null: it was not.';
comment on column portal.token.revoked_by is 'Who revoked it.';

create unlogged table portal.rate (
    minute timestamptz not null,
    who    text not null,
    times  integer not null,
    primary key (minute, who)
);
comment on table portal.rate is 'How often tokens and addresses asked; a crash of the server forgets it. Grain: one of them in one minute.';
comment on column portal.rate.minute is 'Minute.';
comment on column portal.rate.who is 'Network address, or number of a token.';
comment on column portal.rate.times is 'Requests in that minute.';

alter table portal.account add column subject text unique check (subject <> '');
comment on column portal.account.subject is 'Who the provider of OpenID Connect says the person is (issuer and subject), once the person has come by it; null: never did.';
alter table portal.session add column by_provider boolean not null default false;
comment on column portal.session.by_provider is 'The person came by the provider, which asks for what it asks for: no second factor of ours.';

insert into portal.act (act, label) values
    ('invited', 'lien donné pour choisir un mot de passe'),
    ('second factor set', 'double authentification activée'),
    ('second factor taken', 'double authentification retirée'),
    ('second factor required', 'double authentification rendue obligatoire'),
    ('second factor optional', 'double authentification rendue facultative'),
    ('recovery code used', 'code de secours utilisé'),
    ('provider known', 'reconnu par le fournisseur d’identité'),
    ('token made', 'jeton créé'),
    ('token revoked', 'jeton révoqué');

create function portal.lacks_factor(account bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from portal.account a join portal.required_factor r on r.role = a.role where a.account_no = account)
           and not exists (select from portal.second_factor f where f.account_no = account and f.confirmed_at is not null)
$$;
comment on function portal.lacks_factor(bigint) is 'Whether the account has to have a second factor, and has none.';

create function portal.credential() returns table (account_no bigint, role text, writes boolean, narrowed_to text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with given as materialized (
        select sha256(convert_to(nullif(current_setting('senacs.session', true), ''), 'UTF8')) as key_hash),
    known as (
        select s.account_no, true as writes, null::text[] as narrowed_to, s.by_provider
          from portal.session s
         where s.key_hash = (select g.key_hash from given g)
           and statement_timestamp() < s.ends_at
           and statement_timestamp() < s.seen_at + interval '30 minutes'
        union all
        select t.account_no, t.scope = 'change', t.narrowed_to, false
          from portal.token t
         where t.key_hash = (select g.key_hash from given g)
           and t.revoked_at is null
           and statement_timestamp() < t.ends_at)
    select a.account_no, a.role, k.writes, k.narrowed_to
      from known k
      join portal.account a on a.account_no = k.account_no and a.active
     where k.by_provider or not portal.lacks_factor(a.account_no)
$$;
comment on function portal.credential() is 'What the value set on this transaction (senacs.session) opens: a cookie all that its account may, a token what it was narrowed to. No row where it opens nothing.';

create or replace function portal.current_account() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select c.account_no from portal.credential() c
$$;
comment on function portal.current_account() is 'Account whose cookie or token is set on this transaction (senacs.session); null where there is none, or it ended.';

create or replace function portal.reads_all() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from portal.credential() c where c.role in ('national', 'admin') and c.narrowed_to is null)
$$;
comment on function portal.reads_all() is 'Whether the current account reads every territory: not by a token that was narrowed.';

create or replace function portal.held() returns table (collection text, territory text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with current as materialized (select c.account_no, c.role, c.narrowed_to from portal.credential() c)
    select k.collection, t.territory
      from current c
      join portal.account_territory t on t.account_no = c.account_no
      join codebook.collection k on t.collection is null or k.collection = t.collection
     where c.role = 'correspondent'
       and (c.narrowed_to is null or t.territory = any (c.narrowed_to))
       and (statement_timestamp() at time zone 'Europe/Paris')::date between t.valid_from and coalesce(t.valid_until, 'infinity')
    union
    select k.collection, o.territory
      from current c
     cross join unnest(c.narrowed_to) o(territory)
     cross join codebook.collection k
     where c.role in ('national', 'admin')
$$;
comment on function portal.held() is 'What the current account holds today, or what a token of the national team was narrowed to. Grain: one territory of one collection.';

create function portal.writes() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from portal.credential() c where c.writes)
$$;
comment on function portal.writes() is 'Whether the current account may change anything: not by a token that reads.';

-- Restrictive: whatever other policies let the portal write, a token that reads writes nothing.
create procedure portal.keep_readers_from_writing()
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    relation regclass;
begin
    for relation in
        select distinct p.polrelid::regclass from pg_policy p
         where p.polpermissive and p.polcmd <> 'r' and 'senacs_portal'::regrole = any (p.polroles)
           and not exists (select from pg_policy r where r.polrelid = p.polrelid and r.polname = 'token_inserts')
    loop
        execute format('create policy token_inserts on %s as restrictive for insert to senacs_portal with check ((select portal.writes()))', relation);
        execute format('create policy token_updates on %s as restrictive for update to senacs_portal using ((select portal.writes()))', relation);
        execute format('create policy token_deletes on %s as restrictive for delete to senacs_portal using ((select portal.writes()))', relation);
        execute format('comment on policy token_inserts on %s is ''A token that reads adds nothing.''', relation);
        execute format('comment on policy token_updates on %s is ''A token that reads changes nothing.''', relation);
        execute format('comment on policy token_deletes on %s is ''A token that reads takes nothing away.''', relation);
    end loop;
end $$;
comment on procedure portal.keep_readers_from_writing() is 'Keeps tokens that read from writing: to be called by the owner after a policy let senacs_portal write another table.';
revoke execute on procedure portal.keep_readers_from_writing() from public;
call portal.keep_readers_from_writing();

revoke execute on function portal.lacks_factor(bigint), portal.credential(), portal.writes() from public;
grant execute on function portal.writes() to senacs_portal;
grant execute on function portal.lacks_factor(bigint) to senacs_gate;
grant select, insert, update, delete on portal.invitation, portal.second_factor, portal.recovery_code, portal.required_factor,
    portal.rate to senacs_gate;
grant select, insert, update on portal.token to senacs_gate;
call access.keep_out_of_statistics();

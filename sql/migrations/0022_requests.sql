-- What persons ask for through the portal: exports that they send in themselves, reruns and rehearsals of their territory.

create table intake.upload (
    upload_id     uuid primary key,
    collection    text not null,
    data_year     smallint not null,
    territory     text not null,
    sha256        text not null references intake.export,
    file_name     text not null,
    author        text not null check (author <> ''),
    uploaded_at   timestamptz not null,
    chosen_at     timestamptz,
    chosen_by     text check (chosen_by <> ''),
    source_sha256 text references intake.export,
    ending        text check (ending in ('withdrawn', 'replaced', 'overtaken')),
    ended_at      timestamptz,
    ended_by      text check (ended_by <> ''),
    check ((chosen_at is null) = (chosen_by is null)),
    check ((ending is null) = (ended_at is null) and (ending is null) = (ended_by is null))
);
create unique index upload_in_place on intake.upload (collection, data_year, territory)
    where chosen_at is not null and ending is null;
create index upload_of_territory on intake.upload (collection, data_year, territory, uploaded_at desc);
comment on table intake.upload is 'Exports that persons sent in by themselves. Grain: one file sent once. It changes nothing until somebody chooses it; then runs take it in place of what the source has, until the source has something newer, a later upload is chosen, or a person withdraws it. One a territory and data year is in place.';
comment on column intake.upload.upload_id is 'Identifier of the upload.';
comment on column intake.upload.collection is 'Collection.';
comment on column intake.upload.data_year is 'Year of the activity described.';
comment on column intake.upload.territory is 'Collection territory.';
comment on column intake.upload.sha256 is 'Its content, in the archive.';
comment on column intake.upload.file_name is 'Name of the file as sent, without folders.';
comment on column intake.upload.author is 'Who sent it.';
comment on column intake.upload.uploaded_at is 'When it came in.';
comment on column intake.upload.chosen_at is 'When somebody asked that runs take it; null: nobody has.';
comment on column intake.upload.chosen_by is 'Who did.';
comment on column intake.upload.source_sha256 is 'What the source had when it was first asked after the choice: anything else is newer than the upload. Null until it has answered.';
comment on column intake.upload.ending is 'Why runs take it no more: withdrawn (a person), replaced (a later upload), overtaken (the source has something newer).';
comment on column intake.upload.ended_at is 'When.';
comment on column intake.upload.ended_by is 'Who withdrew or replaced it; `source` where the source overtook it.';

create table intake.request (
    request_id uuid primary key,
    collection text not null,
    data_year  smallint not null,
    territory  text not null,
    kind       text not null check (kind in ('rerun', 'rehearsal')),
    upload_id  uuid references intake.upload,
    author     text not null check (author <> ''),
    asked_at   timestamptz not null,
    flow_run   text,
    state      text not null default 'open' check (state in ('open', 'done', 'failed')),
    message    text not null default '',
    result     jsonb,
    ended_at   timestamptz,
    check ((state = 'open') = (ended_at is null)),
    check (result is null or kind = 'rehearsal')
);
create unique index request_open on intake.request (collection, data_year, territory, kind) where state = 'open';
create index request_of_territory on intake.request (collection, data_year, territory, asked_at desc);
comment on table intake.request is 'Reruns and rehearsals that persons asked for. Grain: one request; of each kind one a territory and data year is open at a time, however often it is asked for.';
comment on column intake.request.request_id is 'Identifier of the request; Prefect knows its run by it, so that it is begun once.';
comment on column intake.request.collection is 'Collection.';
comment on column intake.request.data_year is 'Year of the activity described.';
comment on column intake.request.territory is 'Collection territory.';
comment on column intake.request.kind is 'rerun; rehearsal: what a rerun would change, with nothing changed.';
comment on column intake.request.upload_id is 'The upload that it is about; null: what came in last.';
comment on column intake.request.author is 'Who asked first.';
comment on column intake.request.asked_at is 'When.';
comment on column intake.request.flow_run is 'Prefect''s flow run; null until Prefect has taken it.';
comment on column intake.request.state is 'open, done, failed.';
comment on column intake.request.message is 'How it ended, in French.';
comment on column intake.request.result is 'What a rehearsal found would change.';
comment on column intake.request.ended_at is 'When it ended; null while it is open.';

alter table intake.upload enable row level security;
alter table intake.request enable row level security;
do $$
declare
    relation regclass;
begin
    foreach relation in array array['intake.upload', 'intake.request']::regclass[] loop
        execute format('create policy own_territories on %s for select to senacs_correspondent '
                       'using ((collection, territory) in (select h.collection, h.territory from access.held h))', relation);
        execute format('comment on policy own_territories on %s is ''A correspondent reads the territories that access.held '
                       'names; evaluated once a statement.''', relation);
        execute format('create policy all_territories on %s for select to senacs_national_analyst using (true)', relation);
        execute format('comment on policy all_territories on %s is ''The national team reads all.''', relation);
    end loop;
end $$;
grant select, insert, update on intake.upload, intake.request to senacs_etl;
grant select on intake.upload, intake.request to senacs_correspondent, senacs_national_analyst;
call access.keep_out_of_statistics();

-- What each step of a run did and took, failures too; and which runs ended with their process.

alter table intake.run add column abandoned boolean not null default false;
comment on column intake.run.abandoned is 'Its process died in it: closed by the next run, and done again.';

create table intake.step (
    step_no    bigint generated always as identity primary key,
    run_id     uuid references intake.run on delete cascade,
    collection text not null,
    data_year  smallint not null,
    territory  text,
    step       text not null check (step <> ''),
    outcome    text not null check (outcome in ('done', 'failed')),
    reason     text not null default '',
    counts     jsonb not null default '{}',
    together   smallint not null check (together >= 1),
    seconds    double precision not null check (seconds >= 0),
    started_at timestamptz not null,
    check ((run_id is null) = (territory is null))
);
create index step_of_run on intake.step (run_id);
create index step_of_territory on intake.step (collection, data_year, territory, step, started_at);
create index step_started on intake.step (started_at);
comment on table intake.step is 'What was done, with outcome, counts and time. Grain: one step of one run; of a refresh one of a campaign''s data year. Noted together when a batch of territories ends: a process that is killed takes its own with it.';
comment on column intake.step.step_no is 'Order of noting.';
comment on column intake.step.run_id is 'Run; null for a refresh, which is of no run.';
comment on column intake.step.collection is 'Collection.';
comment on column intake.step.data_year is 'Year of the activity described.';
comment on column intake.step.territory is 'Collection territory; null for a refresh.';
comment on column intake.step.step is 'collect, replies, compare, read, identify, validate, load or refuse, report; refresh.';
comment on column intake.step.outcome is 'done, failed.';
comment on column intake.step.reason is 'Why it failed: the class of the error, never its text, which may hold an answer.';
comment on column intake.step.counts is 'What it handled, by name: bytes, answers, findings of each severity…';
comment on column intake.step.together is 'How many territories shared these seconds: exports are read and judged together.';
comment on column intake.step.seconds is 'Seconds that it took, for all that shared them.';
comment on column intake.step.started_at is 'When it began.';

create view quality.run_step with (security_invoker = true) as
select s.run_id, s.collection, s.data_year, s.territory, s.step_no, s.step, s.outcome, s.reason, s.counts, s.together, s.seconds,
       s.seconds / s.together as seconds_share, s.started_at, r.outcome as run_outcome, r.flow_run
  from intake.step s
  left join intake.run r on r.run_id = s.run_id;
comment on view quality.run_step is 'Steps with the run that they are of. Grain: one step.';
comment on column quality.run_step.run_id is 'Run; null for a refresh.';
comment on column quality.run_step.collection is 'Collection.';
comment on column quality.run_step.data_year is 'Year of the activity described.';
comment on column quality.run_step.territory is 'Collection territory; null for a refresh.';
comment on column quality.run_step.step_no is 'Order of noting.';
comment on column quality.run_step.step is 'What was done.';
comment on column quality.run_step.outcome is 'done, failed.';
comment on column quality.run_step.reason is 'Class of the error.';
comment on column quality.run_step.counts is 'What it handled.';
comment on column quality.run_step.together is 'How many territories shared its seconds.';
comment on column quality.run_step.seconds is 'Seconds for all that shared them.';
comment on column quality.run_step.seconds_share is 'This territory''s share of them, in equal parts.';
comment on column quality.run_step.started_at is 'When it began.';
comment on column quality.run_step.run_outcome is 'How the run ended.';
comment on column quality.run_step.flow_run is 'Prefect''s flow run, for its logs.';

alter table intake.step enable row level security;
create policy own_territories on intake.step for select to senacs_correspondent
    using ((collection, territory) in (select h.collection, h.territory from access.held h));
comment on policy own_territories on intake.step is 'A correspondent reads the territories that access.held names; evaluated once a statement.';
create policy all_territories on intake.step for select to senacs_national_analyst using (true);
comment on policy all_territories on intake.step is 'The national team reads all.';
create policy portal_territories on intake.step for select to senacs_portal
    using ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h));
comment on policy portal_territories on intake.step is 'The portal reads what the account signed in may.';
grant select on intake.step, quality.run_step to senacs_correspondent, senacs_national_analyst, senacs_portal;
grant select, insert on intake.step to senacs_etl;
grant select on quality.run_step to senacs_etl;
call access.keep_out_of_statistics();

-- The calendar of campaigns: the days of each territory, what persons decided about them, which steps are done, and where
-- every territory stands.

create table reference.campaign_territory (
    collection      text not null,
    data_year       smallint not null,
    territory       text not null,
    label           text not null,
    opens           date not null,
    deadline        date not null,
    closes          date not null,
    reminders       date[] not null,
    query_reminders date[] not null,
    primary key (collection, data_year, territory)
);
comment on table reference.campaign_territory is 'Copy of the days that campaigns.yml declares. Grain: one territory of one campaign.';
comment on column reference.campaign_territory.collection is 'Collection.';
comment on column reference.campaign_territory.data_year is 'Year of the activity described.';
comment on column reference.campaign_territory.territory is 'Collection territory.';
comment on column reference.campaign_territory.label is 'What it is called.';
comment on column reference.campaign_territory.opens is 'First day on which its export is taken.';
comment on column reference.campaign_territory.deadline is 'Day by which its export is expected.';
comment on column reference.campaign_territory.closes is 'Last day on which its export is taken.';
comment on column reference.campaign_territory.reminders is 'Days on which it is reminded if nothing of it is loaded.';
comment on column reference.campaign_territory.query_reminders is 'Days on which it is reminded if findings wait for an answer.';

create table intake.calendar_step (
    collection text not null,
    data_year  smallint not null,
    territory  text,
    key        text not null check (key <> ''),
    kind       text not null check (kind in ('open', 'reopen', 'remind', 'remind_of_queries', 'silent', 'nobody', 'close',
                                             'provisional', 'final')),
    settled_at timestamptz not null,
    unique nulls not distinct (collection, data_year, territory, key)
);
comment on table intake.calendar_step is 'What the calendar asked for and was done, recorded in the transaction that did it. Grain: one step of one territory, or of a campaign as a whole: done once, whatever happens.';
comment on column intake.calendar_step.collection is 'Collection.';
comment on column intake.calendar_step.data_year is 'Year of the activity described.';
comment on column intake.calendar_step.territory is 'Collection territory; null for the campaign as a whole.';
comment on column intake.calendar_step.key is 'The step and its day: remind:2027-04-30.';
comment on column intake.calendar_step.kind is 'What was done of it: several missed reminders are one, a closing settles those before it; nobody: there was nobody to remind.';
comment on column intake.calendar_step.settled_at is 'The moment at which the calendar was asked.';

create table intake.calendar_visit (
    collection   text not null,
    data_year    smallint not null,
    territory    text not null,
    collected_at timestamptz not null,
    silent_since date,
    primary key (collection, data_year, territory)
);
comment on table intake.calendar_visit is 'When the calendar last had a source asked. Grain: one territory of one campaign.';
comment on column intake.calendar_visit.collection is 'Collection.';
comment on column intake.calendar_visit.data_year is 'Year of the activity described.';
comment on column intake.calendar_visit.territory is 'Collection territory.';
comment on column intake.calendar_visit.collected_at is 'The moment at which the calendar was asked.';
comment on column intake.calendar_visit.silent_since is 'First day in Paris of those on which the source did not deliver, up to the last one; null: it did.';

create table intake.calendar_decision (
    decision_no bigint generated always as identity primary key,
    collection  text not null,
    data_year   smallint not null,
    territory   text not null,
    subject     text not null check (subject in ('deadline', 'closes')),
    day         date not null,
    author      text not null check (author <> ''),
    reason      text not null check (reason <> ''),
    decided_at  timestamptz not null
);
create index on intake.calendar_decision (collection, data_year, territory);
comment on table intake.calendar_decision is 'Days that a person has moved for a territory, added and never changed: the last one of a subject counts. Grain: one decision.';
comment on column intake.calendar_decision.decision_no is 'Order.';
comment on column intake.calendar_decision.collection is 'Collection.';
comment on column intake.calendar_decision.data_year is 'Year of the activity described.';
comment on column intake.calendar_decision.territory is 'Collection territory.';
comment on column intake.calendar_decision.subject is 'deadline; closes: the last day, which opens a closed territory again.';
comment on column intake.calendar_decision.day is 'The day from now on.';
comment on column intake.calendar_decision.author is 'Who decided: the name of an account, or who ran the command.';
comment on column intake.calendar_decision.reason is 'Why.';
comment on column intake.calendar_decision.decided_at is 'When.';

create function intake.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'intake.%: lines are never changed', tg_table_name;
end $$;
comment on function intake.refuse_change() is 'Trigger: refuses the statement.';
create trigger decision_is_kept before update or delete or truncate on intake.calendar_decision
    for each statement execute function intake.refuse_change();

create view quality.campaign_calendar with (security_invoker = true) as
select m.collection, m.data_year, m.territory, m.label, m.opens, m.deadline, m.closes, m.reminders, m.query_reminders,
       exists (select from intake.calendar_step s
                where s.collection = m.collection and s.data_year = m.data_year and s.territory = m.territory
                  and s.key = 'close:' || m.closes) as closed
  from (select t.collection, t.data_year, t.territory, t.label, t.opens,
               -- Where no day of its own is set, an export is expected by the last day, moved or not.
               least(coalesce(d.deadline, case when t.deadline < t.closes then t.deadline end, d.closes, t.deadline),
                     coalesce(d.closes, t.closes)) as deadline,
               coalesce(d.closes, t.closes) as closes, t.reminders, t.query_reminders
          from reference.campaign_territory t
          left join lateral (
                select (array_agg(c.day order by c.decision_no desc) filter (where c.subject = 'deadline'))[1] as deadline,
                       (array_agg(c.day order by c.decision_no desc) filter (where c.subject = 'closes'))[1] as closes
                  from intake.calendar_decision c
                 where c.collection = t.collection and c.data_year = t.data_year and c.territory = t.territory) d on true) m;
comment on view quality.campaign_calendar is 'The days that count: those that campaigns.yml declares, and what was decided since. Grain: one territory of one campaign.';
comment on column quality.campaign_calendar.collection is 'Collection.';
comment on column quality.campaign_calendar.data_year is 'Year of the activity described.';
comment on column quality.campaign_calendar.territory is 'Collection territory.';
comment on column quality.campaign_calendar.label is 'What it is called.';
comment on column quality.campaign_calendar.opens is 'First day on which its export is taken.';
comment on column quality.campaign_calendar.deadline is 'Day by which its export is expected.';
comment on column quality.campaign_calendar.closes is 'Last day on which its export is taken.';
comment on column quality.campaign_calendar.reminders is 'Days on which it is reminded if nothing of it is loaded.';
comment on column quality.campaign_calendar.query_reminders is 'Days on which it is reminded if findings wait for an answer.';
comment on column quality.campaign_calendar.closed is 'It was closed, and is not open again until a later day: nothing of it is taken.';

create view quality.campaign_state with (security_invoker = true) as
select c.collection, c.data_year, c.territory, c.label, c.opens, c.deadline, c.closes, c.reminders, c.query_reminders, c.closed,
       a.departements, r.first_received, r.last_received, r.deliveries, l.outcome, f.outcome is not distinct from 'failed' as failing,
       d.territory is not null as loaded, coalesce(d.records, 0) as records, q.asked, q.answered,
       v.collected_at, v.silent_since
  from quality.campaign_calendar c
  left join lateral (
        select array_agg(x.departement order by x.departement) as departements
          from reference.campaign_departement x
         where x.collection = c.collection and x.data_year = c.data_year and x.territory = c.territory) a on true
  left join lateral (
        select min(i.received_at) as first_received, max(i.received_at) as last_received, count(*) as deliveries
          from intake.receipt i
         where i.collection = c.collection and i.data_year = c.data_year and i.territory = c.territory) r on true
  left join lateral (
        select n.outcome from intake.run n
         where n.collection = c.collection and n.data_year = c.data_year and n.territory = c.territory
           and n.outcome in ('loaded', 'unchanged', 'refused')
         order by n.started_at desc limit 1) l on true
  left join lateral (
        select n.outcome from intake.run n
         where n.collection = c.collection and n.data_year = c.data_year and n.territory = c.territory
           and n.outcome <> 'running'
         order by n.started_at desc limit 1) f on true
  left join department.delivery d
         on d.collection = c.collection and d.data_year = c.data_year and d.territory = c.territory
  left join lateral (
        -- As query.state has it, without what else that knows of an item: a third of the time.
        select count(*) filter (where s.state in ('open', 'reopened')) as asked,
               count(*) filter (where s.state in ('answered', 'accepted')) as answered
          from (select (select e.state from query.event e where e.item_key = i.item_key order by e.event_no desc limit 1) as state
                  from query.item i
                 where i.collection = c.collection and i.data_year = c.data_year and i.territory = c.territory) s) q on true
  left join intake.calendar_visit v
         on v.collection = c.collection and v.data_year = c.data_year and v.territory = c.territory;
comment on view quality.campaign_state is 'Where each territory of a campaign stands: its days, what came in, what waits. Grain: one territory of one campaign.';
comment on column quality.campaign_state.collection is 'Collection.';
comment on column quality.campaign_state.data_year is 'Year of the activity described.';
comment on column quality.campaign_state.territory is 'Collection territory.';
comment on column quality.campaign_state.label is 'What it is called.';
comment on column quality.campaign_state.opens is 'First day on which its export is taken.';
comment on column quality.campaign_state.deadline is 'Day by which its export is expected.';
comment on column quality.campaign_state.closes is 'Last day on which its export is taken.';
comment on column quality.campaign_state.reminders is 'Days on which it is reminded if nothing of it is loaded.';
comment on column quality.campaign_state.query_reminders is 'Days on which it is reminded if findings wait for an answer.';
comment on column quality.campaign_state.closed is 'It was closed, and is not open again until a later day.';
comment on column quality.campaign_state.departements is 'Insee codes of its départements.';
comment on column quality.campaign_state.first_received is 'When its first export came in; null: none has.';
comment on column quality.campaign_state.last_received is 'When the last one came in.';
comment on column quality.campaign_state.deliveries is 'How many came in.';
comment on column quality.campaign_state.outcome is 'Of the last run that looked at an export: loaded, unchanged, refused; null: none has.';
comment on column quality.campaign_state.failing is 'Its last run failed.';
comment on column quality.campaign_state.loaded is 'An export of it is in place.';
comment on column quality.campaign_state.records is 'Records of that export.';
comment on column quality.campaign_state.asked is 'Findings that wait for the correspondent.';
comment on column quality.campaign_state.answered is 'Findings that were answered.';
comment on column quality.campaign_state.collected_at is 'When the calendar last had its source asked; null: never.';
comment on column quality.campaign_state.silent_since is 'Since when its source has not delivered; null: it has.';

create function portal.administrator() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.name from portal.account a
      join portal.credential() c on c.account_no = a.account_no
     where c.role = 'admin' and c.narrowed_to is null
$$;
comment on function portal.administrator() is 'Name of the account signed in where it administers; null where it does not.';
insert into portal.act (act, label) values
    ('closing moved', 'clôture déplacée'),
    ('deadline moved', 'échéance déplacée');
create trigger moving_the_closing_is_noted after insert on intake.calendar_decision for each row
    when (current_setting('senacs.session', true) <> '' and new.subject = 'closes')
    execute function portal.note_act('closing moved', 'decision_no');
create trigger moving_the_deadline_is_noted after insert on intake.calendar_decision for each row
    when (current_setting('senacs.session', true) <> '' and new.subject = 'deadline')
    execute function portal.note_act('deadline moved', 'decision_no');
revoke execute on function portal.administrator(), intake.refuse_change() from public;
grant execute on function portal.administrator() to senacs_portal;

do $$
declare
    relation regclass;
begin
    foreach relation in array array['reference.campaign_territory', 'intake.calendar_step', 'intake.calendar_visit',
                                    'intake.calendar_decision']::regclass[] loop
        execute format('alter table %s enable row level security', relation);
        execute format('create policy own_territories on %s for select to senacs_correspondent '
                       'using ((collection, territory) in (select h.collection, h.territory from access.held h))', relation);
        execute format('comment on policy own_territories on %s is ''A correspondent reads the territories that access.held '
                       'names; evaluated once a statement.''', relation);
        execute format('create policy all_territories on %s for select to senacs_national_analyst using (true)', relation);
        execute format('comment on policy all_territories on %s is ''The national team reads all.''', relation);
        execute format('create policy portal_territories on %s for select to senacs_portal using ((select portal.reads_all()) '
                       'or (collection, territory) in (select h.collection, h.territory from portal.held() h))', relation);
        execute format('comment on policy portal_territories on %s is ''The portal reads what the account signed in may.''', relation);
        execute format('grant select on %s to senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_portal', relation);
    end loop;
end $$;
create policy portal_decides on intake.calendar_decision for insert to senacs_portal
    with check (author = (select portal.administrator()));
comment on policy portal_decides on intake.calendar_decision is 'Who administers decides, in the own name.';
grant insert (collection, data_year, territory, subject, day, author, reason, decided_at) on intake.calendar_decision
    to senacs_portal, senacs_etl;
grant select on reference.departement to senacs_portal;
grant insert, delete on reference.campaign_territory to senacs_etl;
grant insert on intake.calendar_step to senacs_etl;
grant insert, update on intake.calendar_visit to senacs_etl;
grant select on quality.campaign_calendar, quality.campaign_state
    to senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_portal;
call access.keep_out_of_statistics();
call portal.keep_readers_from_writing();

-- The next run of each collection copies its days.
update codebook.collection set version = '';

-- The query loop: what is asked of a territory's correspondent, what is answered, and who changed what when.
-- And quality as a series: findings, response and punctuality by territory and data year.

create schema query;
comment on schema query is 'The query loop: findings with a life, replies of correspondents, events.';

create table query.item (
    item_key   text primary key check (item_key ~ '^[0-9a-f]{16}$'),
    collection text not null,
    data_year  smallint not null,
    territory  text not null,
    rule       text not null,
    unit_id    text,
    question   text,
    header     text,
    severity   text not null check (severity in ('blocking', 'error', 'query')),
    message    text not null,
    advice     text not null,
    row_number integer,
    raw        text,
    about      text,
    delivered  text,
    exception  text
);
create index item_territory on query.item (collection, data_year, territory);
comment on table query.item is 'What is asked back, as the last run that found it saw it. Grain: one rule at one place of one territory in one data year, the same over all runs. Information is not asked and has no line.';
comment on column query.item.item_key is 'Reference of the item: hash of collection, territory, data year, rule and place.';
comment on column query.item.collection is 'Collection.';
comment on column query.item.data_year is 'Year of the activity described.';
comment on column query.item.territory is 'Collection territory.';
comment on column query.item.rule is 'Code of the rule.';
comment on column query.item.unit_id is 'Structure or record concerned; null for a column or the file.';
comment on column query.item.question is 'Question concerned; null for a row, an unknown column or the file.';
comment on column query.item.header is 'Column as delivered.';
comment on column query.item.severity is 'blocking: a new export is needed; error: kept out, to be corrected; query: to be corrected or confirmed.';
comment on column query.item.message is 'French sentence with the values in it.';
comment on column query.item.advice is 'What to do, in French.';
comment on column query.item.row_number is 'First row of the export that it is about.';
comment on column query.item.raw is 'Raw text that the rule looked at: as delivered, or as corrected where a correction is in force. Several rows of one unit: all of them, separated by a slash.';
comment on column query.item.about is 'Where the rule compares several answers: all their values. A confirmation holds while they stay the same.';
comment on column query.item.delivered is 'Raw text as delivered of that answer: what a correction is made against.';
comment on column query.item.exception is 'Declared known error that covers it; null for none.';

create table query.reply (
    reply_no    bigint generated always as identity primary key,
    reply_id    text not null unique,
    address     text not null,
    collection  text not null,
    data_year   smallint not null,
    territory   text not null,
    rule        text not null,
    unit_id     text,
    question    text,
    header      text,
    kind        text not null check (kind in ('corrected', 'confirmed', 'withdrawn')),
    received    text,
    about       text,
    value       text,
    reason      text not null,
    author      text not null check (author <> ''),
    given       text not null,
    source      text not null,
    recorded_at timestamptz not null default now(),
    check (kind <> 'corrected' or (rule = '' and unit_id is not null and question is not null and value is not null)),
    check (kind <> 'confirmed' or (rule <> '' and reason <> ''))
);
create index reply_address on query.reply (collection, data_year, territory, address, reply_no desc);
comment on table query.reply is 'Replies of correspondents; nothing is overwritten, the last one of an address counts. Grain: one reply.';
comment on column query.reply.reply_no is 'Order of recording.';
comment on column query.reply.reply_id is 'Hash of what it says: the same reply is recorded once.';
comment on column query.reply.address is 'What it is about: the item''s key for a confirmation, unit and question for a correction.';
comment on column query.reply.collection is 'Collection.';
comment on column query.reply.data_year is 'Year of the activity described.';
comment on column query.reply.territory is 'Collection territory.';
comment on column query.reply.rule is 'Rule whose finding is confirmed; empty for a correction.';
comment on column query.reply.unit_id is 'Structure or record.';
comment on column query.reply.question is 'Question.';
comment on column query.reply.header is 'Column, where that is the place.';
comment on column query.reply.kind is 'corrected: value replaces what was delivered; confirmed: what was delivered holds; withdrawn: the reply before counts no more.';
comment on column query.reply.received is 'Raw text that it is made against: delivered otherwise, it counts no more. Null for an empty cell.';
comment on column query.reply.about is 'Values that were compared when it was confirmed, where the rule compares several. Bound once, by the first run that sees it.';
comment on column query.reply.value is 'Text of the right value, read as a delivered cell.';
comment on column query.reply.reason is 'Why, in the correspondent''s words.';
comment on column query.reply.author is 'Who says so.';
comment on column query.reply.given is 'Day it was given, or the version of the item that a spreadsheet was made from.';
comment on column query.reply.source is 'File or screen it came by.';
comment on column query.reply.recorded_at is 'When it was recorded.';

create table query.returned_file (
    file_no     bigint generated always as identity primary key,
    sha256      text not null check (length(sha256) = 64),
    file_name   text not null,
    bytes       bigint not null,
    collection  text not null,
    data_year   smallint not null,
    territory   text not null,
    author      text not null,
    recorded    integer not null,
    already     integer not null,
    refused     text[] not null,
    received_at timestamptz not null default now()
);
comment on table query.returned_file is 'What correspondents sent back; its bytes are in the archive under this hash. Grain: one file taken once.';
comment on column query.returned_file.file_no is 'Order.';
comment on column query.returned_file.sha256 is 'SHA-256 of the bytes, hexadecimal.';
comment on column query.returned_file.file_name is 'Name as sent.';
comment on column query.returned_file.bytes is 'Size in bytes.';
comment on column query.returned_file.collection is 'Collection.';
comment on column query.returned_file.data_year is 'Year of the activity described.';
comment on column query.returned_file.territory is 'Collection territory.';
comment on column query.returned_file.author is 'Who brought it.';
comment on column query.returned_file.recorded is 'Replies recorded from it.';
comment on column query.returned_file.already is 'Replies in it that were recorded before.';
comment on column query.returned_file.refused is 'French sentences on the lines that could not be taken.';
comment on column query.returned_file.received_at is 'When it was taken.';

create table query.event (
    event_no   bigint generated always as identity primary key,
    item_key   text not null references query.item,
    state      text not null check (state in ('open', 'answered', 'accepted', 'reopened', 'known', 'resolved')),
    kind       text check (kind in ('corrected', 'confirmed')),
    reply_id   text,
    raw        text,
    author     text not null check (author <> ''),
    reason     text not null,
    run_id     uuid,
    at         timestamptz not null default now()
);
create index event_item on query.event (item_key, event_no desc);
comment on table query.event is 'Each change in the life of an item, added and never changed. Grain: one change.';
comment on column query.event.event_no is 'Order.';
comment on column query.event.item_key is 'Item.';
comment on column query.event.state is 'State from now on: open, answered, accepted, reopened, known (declared exception, not asked), resolved (no run finds it any more).';
comment on column query.event.kind is 'How it was answered.';
comment on column query.event.reply_id is 'Reply that answers it.';
comment on column query.event.raw is 'Raw text that it was about then.';
comment on column query.event.author is 'Who: a person, or senacs for a run.';
comment on column query.event.reason is 'Why, in French.';
comment on column query.event.run_id is 'Run that changed it; null for a person.';
comment on column query.event.at is 'When.';

create function query.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'query.%: lines are added, never changed or removed', tg_table_name;
end
$$;
create trigger event_is_kept before update or delete on query.event
    for each row execute function query.refuse_change();
create trigger returned_file_is_kept before update or delete on query.returned_file
    for each row execute function query.refuse_change();
create trigger reply_is_kept before delete on query.reply
    for each row execute function query.refuse_change();
create trigger reply_is_not_changed before update on query.reply
    for each row when (old.about is not null or (to_jsonb(old) - 'about') is distinct from (to_jsonb(new) - 'about'))
    execute function query.refuse_change();

create view query.state as
select i.item_key, i.collection, i.data_year, i.territory, i.rule, i.unit_id, i.question, i.header, i.severity,
       i.message, i.advice, i.row_number, i.raw, i.about, i.delivered, i.exception,
       e.event_no, e.version, e.state, e.kind, e.reply_id, e.author, e.reason, e.at,
       e.state in ('open', 'reopened') as asked
  from query.item i
  join lateral (
        select event_no, count(*) over () as version, state, kind, reply_id, author, reason, at
          from query.event
         where item_key = i.item_key
         order by event_no desc
         limit 1) e on true;
comment on view query.state is 'Where each item stands: its last event. Grain: one item.';
comment on column query.state.item_key is 'Reference of the item.';
comment on column query.state.collection is 'Collection.';
comment on column query.state.data_year is 'Year of the activity described.';
comment on column query.state.territory is 'Collection territory.';
comment on column query.state.rule is 'Code of the rule.';
comment on column query.state.unit_id is 'Structure or record concerned.';
comment on column query.state.question is 'Question concerned.';
comment on column query.state.header is 'Column as delivered.';
comment on column query.state.severity is 'blocking, error, query.';
comment on column query.state.message is 'French sentence.';
comment on column query.state.advice is 'What to do, in French.';
comment on column query.state.row_number is 'First row of the export.';
comment on column query.state.raw is 'Raw text that the rule looked at.';
comment on column query.state.about is 'All values that the rule compared.';
comment on column query.state.delivered is 'Raw text as delivered.';
comment on column query.state.exception is 'Declared known error that covers it.';
comment on column query.state.event_no is 'Its last event.';
comment on column query.state.version is 'How many events it has had.';
comment on column query.state.state is 'open, answered, accepted, reopened, known, resolved.';
comment on column query.state.kind is 'corrected or confirmed, where answered or accepted.';
comment on column query.state.reply_id is 'The reply.';
comment on column query.state.author is 'Who changed it last.';
comment on column query.state.reason is 'Why.';
comment on column query.state.at is 'When.';
comment on column query.state.asked is 'True: the correspondent has to answer.';

create view query.reply_in_force as
select reply_no, reply_id, address, collection, data_year, territory, rule, unit_id, question, header, kind,
       received, about, value, reason, author, given, source, recorded_at
  from (select distinct on (collection, data_year, territory, address) r.*
          from query.reply r
         order by collection, data_year, territory, address, reply_no desc) latest
 where kind <> 'withdrawn';
comment on view query.reply_in_force is 'The last reply of each address, unless it is withdrawn. Grain: one address.';
comment on column query.reply_in_force.reply_no is 'Order of recording.';
comment on column query.reply_in_force.reply_id is 'Hash of what it says.';
comment on column query.reply_in_force.address is 'What it is about.';
comment on column query.reply_in_force.collection is 'Collection.';
comment on column query.reply_in_force.data_year is 'Year of the activity described.';
comment on column query.reply_in_force.territory is 'Collection territory.';
comment on column query.reply_in_force.rule is 'Rule; empty for a correction.';
comment on column query.reply_in_force.unit_id is 'Structure or record.';
comment on column query.reply_in_force.question is 'Question.';
comment on column query.reply_in_force.header is 'Column, where that is the place.';
comment on column query.reply_in_force.kind is 'corrected or confirmed.';
comment on column query.reply_in_force.received is 'Raw text that it is made against.';
comment on column query.reply_in_force.about is 'Values compared.';
comment on column query.reply_in_force.value is 'Right value.';
comment on column query.reply_in_force.reason is 'Why.';
comment on column query.reply_in_force.author is 'Who.';
comment on column query.reply_in_force.given is 'When it was given, in the source''s terms.';
comment on column query.reply_in_force.source is 'File or screen.';
comment on column query.reply_in_force.recorded_at is 'When it was recorded.';

create table codebook.campaign (
    collection    text not null references codebook.collection on delete cascade,
    data_year     smallint not null,
    campaign_year smallint not null,
    opens         date not null,
    closes        date not null,
    primary key (collection, data_year)
);
comment on table codebook.campaign is 'Campaigns. Grain: one collection in one data year.';
comment on column codebook.campaign.collection is 'Collection.';
comment on column codebook.campaign.data_year is 'Year of the activity described.';
comment on column codebook.campaign.campaign_year is 'Year in which it is collected.';
comment on column codebook.campaign.opens is 'First day.';
comment on column codebook.campaign.closes is 'Last day.';
-- So that the next preparation copies the codebook again, with its campaigns.
update codebook.collection set version = '';

create schema quality;
comment on schema quality is 'Quality of the collections as a series: views on runs, findings, items and answers.';

create view quality.examined_run as
select distinct on (collection, data_year, territory) collection, data_year, territory, run_id, outcome, finished_at
  from intake.run
 where outcome in ('loaded', 'refused')
 order by collection, data_year, territory, started_at desc;
comment on view quality.examined_run is 'The last run that looked into an export. Grain: one territory in one data year.';
comment on column quality.examined_run.collection is 'Collection.';
comment on column quality.examined_run.data_year is 'Year of the activity described.';
comment on column quality.examined_run.territory is 'Collection territory.';
comment on column quality.examined_run.run_id is 'Run.';
comment on column quality.examined_run.outcome is 'loaded or refused.';
comment on column quality.examined_run.finished_at is 'End.';

create view quality.finding_by_rule as
with found as (
    select r.collection, r.data_year, r.territory, f.rule, f.severity, count(*) as found, max(f.advice) as advice
      from quality.examined_run r
      join intake.finding f using (run_id)
     group by 1, 2, 3, 4, 5
), items as (
    select collection, data_year, territory, rule, severity,
           count(*) filter (where state in ('open', 'reopened')) as asked,
           count(*) filter (where state = 'answered') as answered,
           count(*) filter (where state = 'accepted') as accepted,
           count(*) filter (where state = 'known') as known,
           count(*) filter (where state = 'resolved') as resolved, max(advice) as advice
      from query.state
     group by 1, 2, 3, 4, 5
)
select collection, data_year, territory, rule, severity, coalesce(found, 0) as found, coalesce(asked, 0) as asked,
       coalesce(answered, 0) as answered, coalesce(accepted, 0) as accepted, coalesce(known, 0) as known,
       coalesce(resolved, 0) as resolved, coalesce(found.advice, items.advice) as advice
  from found full join items using (collection, data_year, territory, rule, severity);
comment on view quality.finding_by_rule is 'Findings of the last examined run, and where the items of the rule stand. Grain: one rule of one territory in one data year.';
comment on column quality.finding_by_rule.collection is 'Collection.';
comment on column quality.finding_by_rule.data_year is 'Year of the activity described.';
comment on column quality.finding_by_rule.territory is 'Collection territory.';
comment on column quality.finding_by_rule.rule is 'Rule.';
comment on column quality.finding_by_rule.severity is 'blocking, error, query or info.';
comment on column quality.finding_by_rule.found is 'Findings of the last run that looked into an export.';
comment on column quality.finding_by_rule.asked is 'Items that wait for the correspondent.';
comment on column quality.finding_by_rule.answered is 'Items answered, not decided on.';
comment on column quality.finding_by_rule.accepted is 'Items whose reply is accepted.';
comment on column quality.finding_by_rule.known is 'Items that a declared exception covers.';
comment on column quality.finding_by_rule.resolved is 'Items that no run finds any more.';
comment on column quality.finding_by_rule.advice is 'What the rule asks for, in French.';

create view quality.unit_response as
select collection, data_year, territory, population,
       count(*) filter (where in_scope) as n_scope,
       count(*) filter (where in_scope and responded) as n_responded,
       round(count(*) filter (where in_scope and responded)::numeric
             / nullif(count(*) filter (where in_scope), 0), 4) as rate
  from national.unit
 group by 1, 2, 3, 4;
comment on view quality.unit_response is 'Who answered, of who was asked. Grain: one population of one territory in one data year.';
comment on column quality.unit_response.collection is 'Collection.';
comment on column quality.unit_response.data_year is 'Year of the activity described.';
comment on column quality.unit_response.territory is 'Collection territory.';
comment on column quality.unit_response.population is 'Population.';
comment on column quality.unit_response.n_scope is 'Units in the perimeter.';
comment on column quality.unit_response.n_responded is 'Of these, units that answered.';
comment on column quality.unit_response.rate is 'n_responded / n_scope, 0 to 1.';

create view quality.item_response as
select a.collection, a.data_year, a.territory, a.question,
       count(*) filter (where a.status not in ('not_asked', 'not_concerned')) as n_asked,
       count(*) filter (where a.status in ('reported', 'confirmed', 'corrected')) as n_answered,
       count(*) filter (where a.status = 'missing') as n_missing,
       count(*) filter (where a.status = 'rejected') as n_rejected,
       count(*) filter (where a.status = 'corrected') as n_corrected,
       count(*) filter (where a.status = 'confirmed') as n_confirmed,
       count(*) filter (where a.status = 'imputed') as n_imputed,
       count(*) filter (where a.status in ('not_asked', 'not_concerned')) as n_not_concerned,
       round(count(*) filter (where a.status in ('reported', 'confirmed', 'corrected'))::numeric
             / nullif(count(*) filter (where a.status not in ('not_asked', 'not_concerned')), 0), 4) as rate
  from department.answer a
  join department.record r using (collection, data_year, territory, unit_id)
 where r.accepted
 group by 1, 2, 3, 4;
comment on view quality.item_response is 'Answers by question, of accepted records. Grain: one question of one territory in one data year.';
comment on column quality.item_response.collection is 'Collection.';
comment on column quality.item_response.data_year is 'Year of the activity described.';
comment on column quality.item_response.territory is 'Collection territory.';
comment on column quality.item_response.question is 'Question.';
comment on column quality.item_response.n_asked is 'Records that the question concerns.';
comment on column quality.item_response.n_answered is 'Of these, with a value that counts: reported, confirmed or corrected.';
comment on column quality.item_response.n_missing is 'Without an answer.';
comment on column quality.item_response.n_rejected is 'With an answer that is kept out.';
comment on column quality.item_response.n_corrected is 'Corrected by the correspondent.';
comment on column quality.item_response.n_confirmed is 'Confirmed by the correspondent.';
comment on column quality.item_response.n_imputed is 'Imputed.';
comment on column quality.item_response.n_not_concerned is 'Records not asked or not concerned.';
comment on column quality.item_response.rate is 'n_answered / n_asked, 0 to 1.';

create view quality.punctuality as
select t.collection, t.data_year, t.territory, c.opens, c.closes, r.first_received, r.last_received, r.deliveries,
       case when r.first_received is null then null
            else greatest((r.first_received at time zone 'Europe/Paris')::date - c.closes, 0) end as days_late
  from (select distinct collection, data_year, territory from reference.campaign_departement) t
  join codebook.campaign c using (collection, data_year)
  left join lateral (
        select min(received_at) as first_received, max(received_at) as last_received, count(*) as deliveries
          from intake.receipt i
         where i.collection = t.collection and i.data_year = t.data_year and i.territory = t.territory) r on true;
comment on view quality.punctuality is 'When exports came in, against the campaign''s closing. Grain: one territory in one data year.';
comment on column quality.punctuality.collection is 'Collection.';
comment on column quality.punctuality.data_year is 'Year of the activity described.';
comment on column quality.punctuality.territory is 'Collection territory.';
comment on column quality.punctuality.opens is 'First day of the campaign.';
comment on column quality.punctuality.closes is 'Last day of the campaign.';
comment on column quality.punctuality.first_received is 'When the first export came in; null for none.';
comment on column quality.punctuality.last_received is 'When the last one came in.';
comment on column quality.punctuality.deliveries is 'How many came in.';
comment on column quality.punctuality.days_late is 'Days from the closing to the first export; 0 in time, null where none came in.';

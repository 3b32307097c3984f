-- What correspondents do in the portal, written as `senacs_portal`: what they send in, ask for and answer.
--
-- Who may read a territory may act for it. Each line is of a territory that the account signed in may read and bears its
-- name, whatever statement is run: policies decide, columns that are not the portal's to write are not granted.

create function portal.current_name() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.name from portal.account a where a.account_no = portal.current_account()
$$;
comment on function portal.current_name() is 'Name of the account signed in: who uploads, requests and replies are from. Null for nobody.';
revoke execute on function portal.current_name() from public;
grant execute on function portal.current_name() to senacs_portal;

-- Acts as rows: whoever adds pages adds theirs, and the journal knows their words.
create table portal.act (
    act   text primary key,
    label text not null
);
comment on table portal.act is 'What can be done through the portal. Grain: one act.';
comment on column portal.act.act is 'Name, as portal.event has it.';
comment on column portal.act.label is 'What the journal says, in French.';
insert into portal.act (act, label) values
    ('account made', 'compte ouvert'),
    ('account shut out', 'compte fermé'),
    ('password set', 'mot de passe changé'),
    ('territory given', 'territoire donné'),
    ('territory taken', 'territoire repris'),
    ('signed in', 'connexion'),
    ('signed out', 'déconnexion'),
    ('export sent', 'export envoyé'),
    ('replies sent', 'classeur de réponses envoyé'),
    ('upload withdrawn', 'envoi retiré'),
    ('finding answered', 'réponse à un constat'),
    ('rehearsal asked', 'essai demandé'),
    ('rerun asked', 'relance demandée');
alter table portal.event
    drop constraint event_act_check,
    add constraint event_act_fkey foreign key (act) references portal.act,
    add column data_year smallint,
    add column about text;
comment on column portal.event.data_year is 'Year of the activity described, where the act is about a territory''s data year.';
comment on column portal.event.about is 'What it was done to: identifier of the upload or request, of the reply, hash of the file.';
grant select on portal.act to senacs_gate;

-- A trigger, so that no page forgets it, and none can say that somebody else did it. Flows and commands set no session.
create function portal.note_act() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    line jsonb := to_jsonb(new);
begin
    insert into portal.event (act, account_no, author, territory, collection, data_year, about)
    select tg_argv[0], a.account_no, a.email, line ->> 'territory', line ->> 'collection', (line ->> 'data_year')::smallint,
           line ->> tg_argv[1]
      from portal.account a
     where a.account_no = portal.current_account();
    return null;
end $$;
comment on function portal.note_act() is 'Trigger: notes that the account signed in has done an act (first argument) to what a column names (second).';
revoke execute on function portal.note_act() from public;
create trigger sending_is_noted after insert on intake.upload for each row
    when (current_setting('senacs.session', true) <> '') execute function portal.note_act('export sent', 'upload_id');
create trigger withdrawing_is_noted after update on intake.upload for each row
    when (current_setting('senacs.session', true) <> '' and old.ending is null and new.ending = 'withdrawn')
    execute function portal.note_act('upload withdrawn', 'upload_id');
create trigger asking_for_rerun_is_noted after insert on intake.request for each row
    when (current_setting('senacs.session', true) <> '' and new.kind = 'rerun')
    execute function portal.note_act('rerun asked', 'request_id');
create trigger asking_for_rehearsal_is_noted after insert on intake.request for each row
    when (current_setting('senacs.session', true) <> '' and new.kind = 'rehearsal')
    execute function portal.note_act('rehearsal asked', 'request_id');
create trigger answering_is_noted after insert on query.reply for each row
    -- Those of a spreadsheet are noted once, with it.
    when (current_setting('senacs.session', true) <> '' and new.source = 'portail')
    execute function portal.note_act('finding answered', 'reply_id');
create trigger returning_is_noted after insert on query.returned_file for each row
    when (current_setting('senacs.session', true) <> '') execute function portal.note_act('replies sent', 'sha256');

-- Contents. One has no territory: whoever read or sent it knows it.
grant select, insert on intake.export to senacs_portal;
create policy portal_sends on intake.export for insert to senacs_portal with check ((select portal.current_account()) is not null);
comment on policy portal_sends on intake.export is 'Whoever is signed in may send a content.';
create policy portal_sent on intake.export for select to senacs_portal using (
    exists (select from intake.upload u where u.sha256 = export.sha256)
    or exists (select from intake.receipt r where r.sha256 = export.sha256));
comment on policy portal_sent on intake.export is 'Contents that came in from territories that the portal may read.';
create index upload_of_content on intake.upload (sha256);
create index receipt_of_content on intake.receipt (sha256);

grant insert (upload_id, collection, data_year, territory, sha256, file_name, author, uploaded_at),
      update (chosen_at, chosen_by, ending, ended_at, ended_by) on intake.upload to senacs_portal;
create policy portal_sends on intake.upload for insert to senacs_portal with check (
    author = (select portal.current_name())
    and ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h)));
comment on policy portal_sends on intake.upload is 'An account sends in its own name for territories that it may read.';
create policy portal_decides on intake.upload for update to senacs_portal
    using (ending is null
           and ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h)))
    with check ((select portal.current_name()) = case when ending is null then chosen_by else ended_by end
                and ending is distinct from 'overtaken');
comment on policy portal_decides on intake.upload is 'An account chooses and withdraws in its own name what has not ended, in territories that it may read.';

create function intake.refuse_second_choice() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'intake.upload: who chose an upload or ended it, and when, is never changed';
end $$;
comment on function intake.refuse_second_choice() is 'Trigger: refuses the statement.';
revoke execute on function intake.refuse_second_choice() from public;
create trigger choice_is_kept before update on intake.upload for each row
    when (old.chosen_at is not null and (old.chosen_at, old.chosen_by) is distinct from (new.chosen_at, new.chosen_by)
          or old.ending is not null and (old.ending, old.ended_at, old.ended_by) is distinct from (new.ending, new.ended_at, new.ended_by))
    execute function intake.refuse_second_choice();

-- An upload that is chosen came in by the portal.
grant insert on intake.receipt to senacs_portal;
create policy portal_sends on intake.receipt for insert to senacs_portal with check (
    source = 'portail'
    and exists (select from intake.upload u
                 where u.sha256 = receipt.sha256 and u.collection = receipt.collection and u.data_year = receipt.data_year
                   and u.territory = receipt.territory and u.chosen_at is not null)
    and ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h)));
comment on policy portal_sends on intake.receipt is 'Uploads that were chosen, in territories that the portal may read.';

grant insert (request_id, collection, data_year, territory, kind, upload_id, author, asked_at),
      update (flow_run) on intake.request to senacs_portal;
create policy portal_asks on intake.request for insert to senacs_portal with check (
    author = (select portal.current_name())
    and (upload_id is null
         or exists (select from intake.upload u
                     where u.upload_id = request.upload_id and u.collection = request.collection
                       and u.data_year = request.data_year and u.territory = request.territory))
    and ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h)));
comment on policy portal_asks on intake.request is 'An account asks in its own name for territories that it may read.';
create policy portal_hands_over on intake.request for update to senacs_portal
    using (state = 'open' and flow_run is null
           and ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h)))
    with check (flow_run is not null);
comment on policy portal_hands_over on intake.request is 'Notes once which flow run does what was asked for.';

grant insert on query.reply, query.event, query.returned_file to senacs_portal;
create policy portal_replies on query.reply for insert to senacs_portal with check (
    -- A line of a spreadsheet may name who answered; who brought it is said by its source.
    (author = (select portal.current_name())
     or right(source, length((select portal.current_name())) + 14) = ' (repris par ' || (select portal.current_name()) || ')')
    and ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h)));
comment on policy portal_replies on query.reply is 'An account replies in its own name, or brings what others have written, for territories that it may read.';
create policy portal_replies on query.event for insert to senacs_portal with check (
    state = 'answered' and run_id is null
    and exists (select from query.item i where i.item_key = event.item_key)
    and exists (select from query.reply r
                  join query.item i using (collection, data_year, territory)
                 where r.reply_id = event.reply_id and r.author = event.author and r.kind = event.kind
                   and i.item_key = event.item_key));
comment on policy portal_replies on query.event is 'That an item was answered by a reply that is recorded. Deciding on it is not the portal''s.';
create policy portal_returns on query.returned_file for insert to senacs_portal with check (
    author = (select portal.current_name())
    and ((select portal.reads_all()) or (collection, territory) in (select h.collection, h.territory from portal.held() h)));
comment on policy portal_returns on query.returned_file is 'An account brings spreadsheets in its own name for territories that it may read.';

-- One run's findings and one item's events are looked at, among all of France over years: not a list of every run first.
drop policy portal_runs on intake.finding;
create policy portal_runs on intake.finding for select to senacs_portal
    using ((select portal.reads_all()) or exists (select from intake.run r where r.run_id = finding.run_id));
comment on policy portal_runs on intake.finding is 'Findings of the runs that the portal may read.';
drop policy portal_items on query.event;
create policy portal_items on query.event for select to senacs_portal
    using ((select portal.reads_all()) or exists (select from query.item i where i.item_key = event.item_key));
comment on policy portal_items on query.event is 'Events of the items that the portal may read.';
grant select on quality.examined_run to senacs_portal;

-- What a correspondent looks at: what is not resolved, and what the last run that looked into an export tells besides.
create view portal.shown_finding with (security_invoker = true) as
select s.collection, s.data_year, s.territory, s.item_key, s.version, s.state, s.severity, s.rule, s.unit_id, s.question, s.header,
       s.row_number, s.raw, s.message, s.advice, s.kind, s.reply_id, s.reason, s.at
  from query.state s
 where s.state <> 'resolved'
union all
select e.collection, e.data_year, e.territory, null, null, null, f.severity, f.rule, f.unit_id, f.question, f.header,
       f.row_number, f.raw, f.message, f.advice, null, null, null, null
  from quality.examined_run e
  join intake.finding f using (run_id)
 where f.severity = 'info';
comment on view portal.shown_finding is 'Findings as a correspondent sees them. Grain: one item that is not resolved, or one information of the last run that looked into an export.';
comment on column portal.shown_finding.collection is 'Collection.';
comment on column portal.shown_finding.data_year is 'Year of the activity described.';
comment on column portal.shown_finding.territory is 'Collection territory.';
comment on column portal.shown_finding.item_key is 'Reference of the item; null for information, which asks nothing.';
comment on column portal.shown_finding.version is 'How many events the item has had.';
comment on column portal.shown_finding.state is 'Where the item stands: open, answered, accepted, reopened, known. Null for information.';
comment on column portal.shown_finding.severity is 'blocking, error, query or info.';
comment on column portal.shown_finding.rule is 'Code of the rule.';
comment on column portal.shown_finding.unit_id is 'Structure or record concerned.';
comment on column portal.shown_finding.question is 'Question concerned.';
comment on column portal.shown_finding.header is 'Column as delivered.';
comment on column portal.shown_finding.row_number is 'First row of the export.';
comment on column portal.shown_finding.raw is 'Raw text that the rule looked at.';
comment on column portal.shown_finding.message is 'French sentence.';
comment on column portal.shown_finding.advice is 'What to do, in French.';
comment on column portal.shown_finding.kind is 'corrected or confirmed, where answered or accepted.';
comment on column portal.shown_finding.reply_id is 'The reply.';
comment on column portal.shown_finding.reason is 'Why it stands so.';
comment on column portal.shown_finding.at is 'Since when.';
grant select on portal.shown_finding to senacs_portal;
call access.keep_out_of_statistics();

-- What came in, what was done with it and what was found: the truth about runs, whatever Prefect shows.

create schema intake;
comment on schema intake is 'Exports received, runs and findings.';

create table intake.export (
    sha256         text primary key check (length(sha256) = 64),
    bytes          bigint not null check (bytes >= 0),
    first_received timestamptz not null
);
comment on table intake.export is 'Every distinct export ever received; its bytes are in the archive under this hash. Grain: one content.';
comment on column intake.export.sha256 is 'SHA-256 of the bytes, hexadecimal.';
comment on column intake.export.bytes is 'Size in bytes.';
comment on column intake.export.first_received is 'When it first came in.';

create table intake.receipt (
    receipt_id    uuid primary key,
    collection    text not null,
    data_year     smallint not null,
    territory     text not null,
    sha256        text not null references intake.export,
    source        text not null,
    file_name     text not null,
    etag          text,
    last_modified text,
    received_at   timestamptz not null
);
create index receipt_latest on intake.receipt (collection, data_year, territory, received_at desc);
comment on table intake.receipt is 'Provenance: each time a source delivered an export. Grain: one delivery.';
comment on column intake.receipt.receipt_id is 'Identifier of the delivery.';
comment on column intake.receipt.collection is 'Collection.';
comment on column intake.receipt.data_year is 'Year of the activity described.';
comment on column intake.receipt.territory is 'Collection territory.';
comment on column intake.receipt.sha256 is 'What was delivered.';
comment on column intake.receipt.source is 'Address it came from, without credentials.';
comment on column intake.receipt.file_name is 'Name of the file as delivered.';
comment on column intake.receipt.etag is 'ETag of the answer, for the next conditional request.';
comment on column intake.receipt.last_modified is 'Last-Modified of the answer, likewise.';
comment on column intake.receipt.received_at is 'When it came in.';

create table intake.run (
    run_id           uuid primary key,
    collection       text not null,
    data_year        smallint not null,
    territory        text not null,
    flow_run         text,
    sha256           text references intake.export,
    codebook_version text not null,
    fingerprint      text,
    outcome          text not null default 'running'
        check (outcome in ('running', 'loaded', 'unchanged', 'refused', 'failed')),
    message          text not null default '',
    records          integer,
    answers          integer,
    rejected_answers integer,
    started_at       timestamptz not null,
    finished_at      timestamptz
);
create index run_latest on intake.run (collection, data_year, territory, started_at desc);
comment on table intake.run is 'Every run of a territory''s collection and how it ended. Grain: one run. A run left `running` by a crash is closed as failed by the next one.';
comment on column intake.run.run_id is 'Identifier of the run.';
comment on column intake.run.collection is 'Collection.';
comment on column intake.run.data_year is 'Year of the activity described.';
comment on column intake.run.territory is 'Collection territory.';
comment on column intake.run.flow_run is 'Prefect''s flow run, for its logs.';
comment on column intake.run.sha256 is 'The export it worked on.';
comment on column intake.run.codebook_version is 'Version of the collection''s codebook.';
comment on column intake.run.fingerprint is 'Hash of everything the result depends on: export, codebook, rules, statements, register.';
comment on column intake.run.outcome is 'running, loaded, unchanged (same inputs as what is loaded), refused (blocking finding), failed.';
comment on column intake.run.message is 'One French sentence on the outcome.';
comment on column intake.run.records is 'Rows of the export read as records.';
comment on column intake.run.answers is 'Answers loaded, of any status.';
comment on column intake.run.rejected_answers is 'Answers loaded as rejected.';
comment on column intake.run.started_at is 'Start.';
comment on column intake.run.finished_at is 'End; null while running.';

create table intake.finding (
    run_id     uuid not null references intake.run on delete cascade,
    finding_no integer not null,
    rule       text not null,
    severity   text not null check (severity in ('blocking', 'error', 'query', 'info')),
    file_name  text not null,
    row_number integer,
    header     text,
    unit_id    text,
    question   text,
    raw        text,
    message    text not null,
    advice     text not null,
    primary key (run_id, finding_no)
);
create index finding_rule on intake.finding (rule);
comment on table intake.finding is 'What a rule found on a file, a record or an answer. Grain: one rule at one place in one run.';
comment on column intake.finding.run_id is 'Run that found it.';
comment on column intake.finding.finding_no is 'Order in the report.';
comment on column intake.finding.rule is 'Code of the rule.';
comment on column intake.finding.severity is 'blocking: the file is refused; error: that answer is kept out; query: kept and asked back; info.';
comment on column intake.finding.file_name is 'File as delivered.';
comment on column intake.finding.row_number is 'Row of the file as a spreadsheet counts, the header being row 1; null for the whole file.';
comment on column intake.finding.header is 'Column header as delivered.';
comment on column intake.finding.unit_id is 'Structure or record concerned.';
comment on column intake.finding.question is 'Question of the codebook.';
comment on column intake.finding.raw is 'Raw text delivered.';
comment on column intake.finding.message is 'French sentence with the values in it.';
comment on column intake.finding.advice is 'What to do, in French.';

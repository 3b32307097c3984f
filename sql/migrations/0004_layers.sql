-- The department layer (as delivered) and the national layer (harmonised), each replaced by (territory, data year).

create schema department;
comment on schema department is 'Answers by structure, as each territory delivered them.';

create table department.delivery (
    collection       text not null,
    data_year        smallint not null,
    territory        text not null,
    sha256           text not null references intake.export,
    fingerprint      text not null,
    codebook_version text not null,
    records          integer not null,
    answers          integer not null,
    rejected_answers integer not null,
    primary key (collection, data_year, territory)
);
comment on table department.delivery is 'What is loaded now. Grain: one territory in one data year.';
comment on column department.delivery.collection is 'Collection.';
comment on column department.delivery.data_year is 'Year of the activity described.';
comment on column department.delivery.territory is 'Collection territory.';
comment on column department.delivery.sha256 is 'Export the loaded answers come from.';
comment on column department.delivery.fingerprint is 'Hash of everything the loaded state depends on.';
comment on column department.delivery.codebook_version is 'Version of the codebook it was read with.';
comment on column department.delivery.records is 'Records loaded.';
comment on column department.delivery.answers is 'Answers loaded, of any status.';
comment on column department.delivery.rejected_answers is 'Answers loaded as rejected.';

create table department.record (
    collection  text not null,
    data_year   smallint not null,
    territory   text not null,
    unit_id     text not null,
    row_number  integer not null,
    population  text,
    departement text,
    accepted    boolean not null,
    primary key (collection, data_year, territory, unit_id)
);
comment on table department.record is 'Units delivered. Grain: one unit (structure, post) of one territory in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column department.record.collection is 'Collection.';
comment on column department.record.data_year is 'Year of the activity described.';
comment on column department.record.territory is 'Collection territory.';
comment on column department.record.unit_id is 'Key of the unit as delivered.';
comment on column department.record.row_number is 'First row of the export that holds it (header = row 1).';
comment on column department.record.population is 'Population the export states (CS, EVS); null where the register states it.';
comment on column department.record.departement is 'Département the export states; null where the register states it.';
comment on column department.record.accepted is 'False: a rule keeps the whole record out of the national layer.';

create table department.answer (
    collection text not null,
    data_year  smallint not null,
    territory  text not null,
    unit_id    text not null,
    question   text not null,
    row_number integer not null,
    raw        text,
    number     numeric,
    code       text,
    text       text,
    status     text not null check (status in ('reported', 'confirmed', 'corrected', 'missing',
        'not_asked', 'not_concerned', 'rejected', 'imputed')),
    primary key (collection, data_year, territory, unit_id, question)
);
comment on table department.answer is 'Answers as delivered, with raw text, typed value and status. Grain: one unit × one question. Simulated wherever codebook.collection.simulated says so.';
comment on column department.answer.collection is 'Collection.';
comment on column department.answer.data_year is 'Year of the activity described.';
comment on column department.answer.territory is 'Collection territory.';
comment on column department.answer.unit_id is 'Key of the unit.';
comment on column department.answer.question is 'Question of that data year''s codebook.';
comment on column department.answer.row_number is 'Row of the export (header = row 1).';
comment on column department.answer.raw is 'Text as delivered; null where the cell was empty or the column absent.';
comment on column department.answer.number is 'Value of a number, in the question''s unit, exact.';
comment on column department.answer.code is 'Code of a coded answer (oui/non, code lists).';
comment on column department.answer.text is 'Text, date (ISO) or SIRET.';
comment on column department.answer.status is 'reported, confirmed, corrected, missing, not_asked, not_concerned, rejected (raw kept, no value), imputed.';

create schema national;
comment on schema national is 'Harmonised observations of all France, one shape for all years.';

create table national.unit (
    collection  text not null,
    data_year   smallint not null,
    unit_id     text not null,
    territory   text not null,
    population  text not null,
    departement text not null,
    region      text not null,
    manager     text not null,
    in_scope    boolean not null,
    responded   boolean not null,
    primary key (collection, data_year, territory, unit_id)
);
comment on table national.unit is 'Who is in scope and who answered. Grain: one unit in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column national.unit.collection is 'Collection.';
comment on column national.unit.data_year is 'Year of the activity described.';
comment on column national.unit.unit_id is 'Key of the unit.';
comment on column national.unit.territory is 'Collection territory.';
comment on column national.unit.population is 'CS, EVS, POSTE: never pooled in one figure.';
comment on column national.unit.departement is 'Insee code; ZZ where no département is known.';
comment on column national.unit.region is 'Region in force in the data year; ZZ where none is known.';
comment on column national.unit.manager is 'Managing body (or the unit itself where unknown): counted by disclosure rules.';
comment on column national.unit.in_scope is 'In the perimeter of the campaign.';
comment on column national.unit.responded is 'An accepted record of it is loaded.';

create table national.observation (
    collection text not null,
    data_year  smallint not null,
    territory  text not null,
    unit_id    text not null,
    variable   text not null,
    number     numeric,
    code       text,
    text       text,
    status     text not null,
    primary key (collection, data_year, territory, unit_id, variable)
);
comment on table national.observation is 'Harmonised values. Grain: one unit × one variable in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column national.observation.collection is 'Collection.';
comment on column national.observation.data_year is 'Year of the activity described.';
comment on column national.observation.territory is 'Collection territory.';
comment on column national.observation.unit_id is 'Key of the unit.';
comment on column national.observation.variable is 'Harmonised variable.';
comment on column national.observation.number is 'Value in the variable''s unit, exact; null unless status holds a value.';
comment on column national.observation.code is 'Code of a coded variable.';
comment on column national.observation.text is 'Text, date (ISO) or SIRET.';
comment on column national.observation.status is 'Status of the answer it comes from; `derived` for a variable computed here.';

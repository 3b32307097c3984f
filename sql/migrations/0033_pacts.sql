-- Pactes de coopération as typed tables: what the observations of the collection `pactes` say, with keys and foreign keys
-- inside a territory and data year. Replaced by sql/national/pactes/ in the transaction of the load.

create schema pact;
comment on schema pact is 'Agreements between a centre''s partners, derived from the national layer. Simulated wherever codebook.collection.simulated says so of `pactes`.';

create table pact.agreement (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    label        text,
    departement  text,
    area         text,
    quarters     text,
    begins       date,
    ends         date,
    stated_total numeric(14, 2),
    primary key (data_year, territory, agreement_id)
);
comment on table pact.agreement is 'Agreements. Grain: one agreement of one territory in one data year. Derived.';
comment on column pact.agreement.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.agreement.territory is 'Territory that delivered it.';
comment on column pact.agreement.agreement_id is 'Identifier of the agreement, as its territory writes it.';
comment on column pact.agreement.label is 'What it is called.';
comment on column pact.agreement.departement is 'Insee code; null where none is known.';
comment on column pact.agreement.area is 'Territory that it covers, in words.';
comment on column pact.agreement.quarters is 'Codes of the quartiers prioritaires that it covers, separated by commas; null for none.';
comment on column pact.agreement.begins is 'First day.';
comment on column pact.agreement.ends is 'Last day.';
comment on column pact.agreement.stated_total is 'Total promised that its sheet states, in €; the sum of its commitments is another thing.';

create table pact.version (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    version      integer not null,
    signed       date,
    effective    date,
    subject      text,
    primary key (data_year, territory, agreement_id, version),
    foreign key (data_year, territory, agreement_id)
        references pact.agreement (data_year, territory, agreement_id)
);
comment on table pact.version is 'Versions of agreements: the first text, then each amendment. Grain: one version of one agreement. Derived.';
comment on column pact.version.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.version.territory is 'Territory that delivered it.';
comment on column pact.version.agreement_id is 'The agreement.';
comment on column pact.version.version is '1 for the first text.';
comment on column pact.version.signed is 'Day of signature.';
comment on column pact.version.effective is 'Day from which it holds.';
comment on column pact.version.subject is 'What it changes.';

create table pact.signatory (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    siren        text not null,
    name         text,
    kind         text,
    role         text,
    stated_total numeric(14, 2),
    primary key (data_year, territory, agreement_id, siren),
    foreign key (data_year, territory, agreement_id)
        references pact.agreement (data_year, territory, agreement_id)
);
comment on table pact.signatory is 'Who signed, in which role. Grain: one signatory of one agreement. Derived.';
comment on column pact.signatory.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.signatory.territory is 'Territory that delivered it.';
comment on column pact.signatory.agreement_id is 'The agreement.';
comment on column pact.signatory.siren is 'Nine digits.';
comment on column pact.signatory.name is 'Its name.';
comment on column pact.signatory.kind is 'Code of the list `nature`: commune, caf, etat …';
comment on column pact.signatory.role is 'financeur, beneficiaire or partenaire.';
comment on column pact.signatory.stated_total is 'Total promised that its line states, in €.';

create table pact.centre (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    structure_id text not null,
    name         text,
    primary key (data_year, territory, agreement_id, structure_id),
    foreign key (data_year, territory, agreement_id)
        references pact.agreement (data_year, territory, agreement_id)
);
comment on table pact.centre is 'Centres that agreements cover. Grain: one centre of one agreement. Derived.';
comment on column pact.centre.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.centre.territory is 'Territory that delivered it.';
comment on column pact.centre.agreement_id is 'The agreement.';
comment on column pact.centre.structure_id is 'Identifier of the register, where the register knows it (rule PAC-12 asks else).';
comment on column pact.centre.name is 'Name as the agreement writes it.';

create table pact.agrement (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    structure_id text not null,
    kind         text not null,
    begins       date not null,
    ends         date,
    primary key (data_year, territory, agreement_id, structure_id, kind, begins),
    foreign key (data_year, territory, agreement_id, structure_id)
        references pact.centre (data_year, territory, agreement_id, structure_id)
);
comment on table pact.agrement is 'Agréments of the centres, as agreements state them; the register has its own. Grain: one agrément of one kind of one centre of one agreement. Derived.';
comment on column pact.agrement.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.agrement.territory is 'Territory that delivered it.';
comment on column pact.agrement.agreement_id is 'The agreement.';
comment on column pact.agrement.structure_id is 'The centre.';
comment on column pact.agrement.kind is 'AGC, ACF or EVS.';
comment on column pact.agrement.begins is 'First day.';
comment on column pact.agrement.ends is 'Last day.';

create table pact.objective (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    objective    text not null,
    label        text,
    primary key (data_year, territory, agreement_id, objective),
    foreign key (data_year, territory, agreement_id)
        references pact.agreement (data_year, territory, agreement_id)
);
comment on table pact.objective is 'Objectives. Grain: one objective of one agreement. Derived.';
comment on column pact.objective.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.objective.territory is 'Territory that delivered it.';
comment on column pact.objective.agreement_id is 'The agreement.';
comment on column pact.objective.objective is 'Its number in the agreement.';
comment on column pact.objective.label is 'What is wanted.';

create table pact.measure (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    objective    text not null,
    measure      text not null,
    label        text,
    state        text,
    due          date,
    primary key (data_year, territory, agreement_id, objective, measure),
    foreign key (data_year, territory, agreement_id, objective)
        references pact.objective (data_year, territory, agreement_id, objective)
);
comment on table pact.measure is 'Measures by which objectives are to be reached. Grain: one measure of one objective. Derived.';
comment on column pact.measure.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.measure.territory is 'Territory that delivered it.';
comment on column pact.measure.agreement_id is 'The agreement.';
comment on column pact.measure.objective is 'The objective.';
comment on column pact.measure.measure is 'Its number in the objective.';
comment on column pact.measure.label is 'What is done.';
comment on column pact.measure.state is 'prevue, en_cours, realisee or abandonnee.';
comment on column pact.measure.due is 'Day by which it is to be done.';

create table pact.commitment (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    siren        text not null,
    structure_id text,
    purpose      text not null,
    year         smallint not null,
    version      integer,
    for_quarters boolean,
    initial      numeric(14, 2),
    promised     numeric(14, 2),
    notified     numeric(14, 2),
    paid         numeric(14, 2),
    constraint commitment_key unique nulls not distinct
        (data_year, territory, agreement_id, siren, structure_id, purpose, year),
    foreign key (data_year, territory, agreement_id, siren)
        references pact.signatory (data_year, territory, agreement_id, siren),
    foreign key (data_year, territory, agreement_id, version)
        references pact.version (data_year, territory, agreement_id, version),
    foreign key (data_year, territory, agreement_id, structure_id)
        references pact.centre (data_year, territory, agreement_id, structure_id)
);
comment on table pact.commitment is 'Money that funders have promised, in €, exact to the cent. Grain: one funder × centre × purpose × year funded of one agreement. Derived.';
comment on column pact.commitment.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.commitment.territory is 'Territory that delivered it.';
comment on column pact.commitment.agreement_id is 'The agreement.';
comment on column pact.commitment.siren is 'The funder.';
comment on column pact.commitment.structure_id is 'The centre; null for all of them together.';
comment on column pact.commitment.purpose is 'droit_commun, politique_ville or projet.';
comment on column pact.commitment.year is 'Year that is funded.';
comment on column pact.commitment.version is 'Version of the agreement that fixed the amount promised.';
comment on column pact.commitment.for_quarters is 'Meant for the inhabitants of quartiers prioritaires; null where it is not said.';
comment on column pact.commitment.initial is 'Promised by the first text.';
comment on column pact.commitment.promised is 'Promised now, amendments included.';
comment on column pact.commitment.notified is 'Notified.';
comment on column pact.commitment.paid is 'Paid.';

create table pact.review (
    data_year    smallint not null,
    territory    text not null,
    agreement_id text not null,
    on_day       date not null,
    state        text,
    conclusion   text,
    primary key (data_year, territory, agreement_id, on_day),
    foreign key (data_year, territory, agreement_id)
        references pact.agreement (data_year, territory, agreement_id)
);
comment on table pact.review is 'Reviews of agreements. Grain: one review of one agreement. Derived.';
comment on column pact.review.data_year is 'Data year: the agreement as it stood at its end, all years that it funds included.';
comment on column pact.review.territory is 'Territory that delivered it.';
comment on column pact.review.agreement_id is 'The agreement.';
comment on column pact.review.on_day is 'Day it was or is to be held.';
comment on column pact.review.state is 'prevue, tenue or reportee.';
comment on column pact.review.conclusion is 'What came of it.';

do $$
declare
    relation regclass;
begin
    foreach relation in array array[
            'pact.agreement', 'pact.version', 'pact.signatory', 'pact.centre', 'pact.agrement', 'pact.objective',
            'pact.measure', 'pact.commitment', 'pact.review']::regclass[] loop
        execute format('alter table %s enable row level security', relation);
        execute format('create policy own_territories on %s for select to senacs_correspondent '
                       'using (territory in (select h.territory from access.held h where h.collection = ''pactes''))', relation);
        execute format('comment on policy own_territories on %s is ''A correspondent reads the agreements of territories '
                       'that access.held names.''', relation);
        execute format('create policy all_territories on %s for select to senacs_national_analyst using (true)', relation);
        execute format('comment on policy all_territories on %s is ''The national team reads all.''', relation);
        execute format('create policy portal_territories on %s for select to senacs_portal using ((select portal.reads_all()) '
                       'or territory in (select h.territory from portal.held() h where h.collection = ''pactes''))', relation);
        execute format('comment on policy portal_territories on %s is ''The portal reads what the account signed in may.''', relation);
    end loop;
end $$;
grant usage on schema pact to senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_portal;
grant select, insert, update, delete on all tables in schema pact to senacs_etl;
grant select on all tables in schema pact to senacs_correspondent, senacs_national_analyst, senacs_portal;
call access.keep_out_of_statistics();

-- Territories as dated data: what lies where at which date, and proof that no two periods overlap.
--
-- Small tables prove it by an exclusion constraint. On the three large ones a GiST index made the load take 20 times as long
-- (measured: 65,000 rows 8.5 s against 0.35 s), so there a trigger compares each period with the one before it, once a statement.

-- The one part that is not core PostgreSQL: equality of text inside an exclusion constraint. It is a contrib module of
-- PostgreSQL itself and "trusted" since 13: whoever may create schemas in the database may create it, no superuser.
create extension if not exists btree_gist with schema reference;

alter table reference.region
    add column period daterange generated always as (daterange(valid_from, valid_to, '[]')) stored,
    add constraint region_once_at_a_time exclude using gist (code with =, period with &&);
comment on column reference.region.period is 'Days in force.';

create function reference.lock_against_overlap() returns trigger
language plpgsql as $$
begin
    -- Until commit nobody else writes: two writers could each see no overlap with the other.
    execute format('lock table %s in share row exclusive mode', tg_relid::regclass);
    return null;
end $$;
comment on function reference.lock_against_overlap() is 'Trigger before a statement: one writer of the table at a time.';

create function reference.refuse_overlap() returns trigger
language plpgsql as $$
declare
    overlapping text;
begin
    execute format('select min(k) from (select %1$I::text as k, %2$I && lag(%2$I) over (partition by %1$I order by %2$I) as twice '
                   'from %3$s) p where twice', tg_argv[0], tg_argv[1], tg_relid::regclass) into overlapping;
    if overlapping is not null then
        raise exclusion_violation using message = format('two periods of %s overlap in %s', overlapping, tg_relid::regclass);
    end if;
    return null;
end $$;
comment on function reference.refuse_overlap() is 'Trigger after a statement: no two ranges of one key may overlap. Arguments: the key''s column, the range''s column.';

alter table reference.commune
    add column period daterange generated always as (daterange(valid_from, valid_to)) stored,
    add constraint commune_begins_once unique (code, valid_from);
create trigger commune_one_writer before insert or update on reference.commune
    for each statement execute function reference.lock_against_overlap();
create trigger commune_once_at_a_time after insert or update on reference.commune
    for each statement execute function reference.refuse_overlap('code', 'period');
comment on table reference.commune is 'Communes alive since 2010-01-01, with those of the overseas collectivities. Grain: one (code, name) over one period [valid_from, valid_to); at one date a code names one commune. Source: Insee movements, Licence Ouverte 2.0.';
comment on column reference.commune.period is 'Days in force.';
comment on column reference.commune.departement is 'Département read from the code: a commune that changes département changes its code.';

create table reference.departement_region (
    departement text not null,
    region      text not null,
    valid_from  date not null,
    valid_to    date,
    period      daterange generated always as (daterange(valid_from, valid_to)) stored,
    primary key (departement, valid_from),
    constraint departement_in_one_region exclude using gist (departement with =, period with &&)
);
comment on table reference.departement_region is 'Which region a département lies in, at which dates. Grain: one département in one region over one period [valid_from, valid_to). Derived from reference.departement and reference.region; overseas collectivities have no region.';
comment on column reference.departement_region.departement is 'Insee code of the département.';
comment on column reference.departement_region.region is 'Insee code of the region in that period.';
comment on column reference.departement_region.valid_from is 'First day.';
comment on column reference.departement_region.valid_to is 'First day no longer; null while it lasts.';
comment on column reference.departement_region.period is 'Days in that region.';

create table reference.commune_successor (
    code       text not null,
    valid_from date not null,
    ended      date not null,
    successor  text not null,
    cause      text not null,
    guessed    boolean not null,
    parts      smallint not null check (parts > 0),
    primary key (code, valid_from, successor)
);
create index commune_successor_backwards on reference.commune_successor (successor, ended);
comment on table reference.commune_successor is 'What became of a commune that ended. Grain: one ended period of reference.commune and one commune that holds its territory afterwards. Derived from Insee movements.';
comment on column reference.commune_successor.code is 'Insee code of the commune that ended.';
comment on column reference.commune_successor.valid_from is 'First day of the period that ended: with the code, the key of reference.commune.';
comment on column reference.commune_successor.ended is 'First day of the successor.';
comment on column reference.commune_successor.successor is 'Insee code of the successor; the same code where only the name or the extent changed.';
comment on column reference.commune_successor.cause is 'Insee kind of movement: 10 renamed, 21 split again, 32 merged into a commune nouvelle, 33 merged, 41 changed département, 50 changed code.';
comment on column reference.commune_successor.guessed is 'The cause was guessed from the difference of two year lists (2025, 2026), not read in the movements.';
comment on column reference.commune_successor.parts is 'Number of successors; more than one after a split.';

create table reference.commune_movement (
    movement_no integer primary key,
    kind        text not null,
    effective   date not null,
    type_before text not null,
    code_before text not null,
    name_before text not null,
    type_after  text not null,
    code_after  text not null,
    name_after  text not null
);
comment on table reference.commune_movement is 'Insee''s own log of movements of communes, 2010 to 2024, as published: the evidence for reference.commune_successor. Grain: one line of the file.';
comment on column reference.commune_movement.movement_no is 'Line number in the shipped file.';
comment on column reference.commune_movement.kind is 'Insee MOD.';
comment on column reference.commune_movement.effective is 'Day of effect.';
comment on column reference.commune_movement.type_before is 'COM commune, COMA associated, COMD delegated, ARM arrondissement municipal.';
comment on column reference.commune_movement.code_before is 'Code before.';
comment on column reference.commune_movement.name_before is 'Name before.';
comment on column reference.commune_movement.type_after is 'Type after; a line from COMD or COMA to COM is not the birth of a commune.';
comment on column reference.commune_movement.code_after is 'Code after.';
comment on column reference.commune_movement.name_after is 'Name after.';

create table reference.commune_alias (
    code    text primary key,
    commune text not null,
    as_of   date not null,
    kind    text not null check (kind in ('code postal', 'ancien code', 'commune associée ou déléguée')),
    note    text not null
);
comment on table reference.commune_alias is 'Codes that exports hold in place of a commune''s, though no commune bears them since 2010. Grain: one such code. Typed by us, and associated or delegated communes that appear in the movements.';
comment on column reference.commune_alias.code is 'Code as written; never the code of a commune (97133 is Vieux-Fort, not the postal code of Saint-Barthélemy).';
comment on column reference.commune_alias.commune is 'Insee code of the commune that is meant.';
comment on column reference.commune_alias.as_of is 'A day on which that commune bears that code.';
comment on column reference.commune_alias.kind is 'What the code is: a postal code, a code of before 2010, an associated or delegated commune.';
comment on column reference.commune_alias.note is 'In French: why.';

create table reference.commune_moved (
    code        text not null,
    departement text not null,
    valid_from  date not null,
    valid_to    date,
    period      daterange generated always as (daterange(valid_from, valid_to)) stored,
    primary key (code, valid_from),
    constraint commune_moved_to_one_departement exclude using gist (code with =, period with &&)
);
comment on table reference.commune_moved is 'Codes whose territory does not lie in the département that the code says: old codes after a change of département, and aliases. Grain: one code over one period [valid_from, valid_to). Derived.';
comment on column reference.commune_moved.code is 'Code as written.';
comment on column reference.commune_moved.departement is 'Département that the territory lies in.';
comment on column reference.commune_moved.valid_from is 'First day.';
comment on column reference.commune_moved.valid_to is 'First day no longer; null while it lasts.';
comment on column reference.commune_moved.period is 'Days of it.';

create table reference.arrondissement_municipal (
    code    text primary key,
    name    text not null,
    commune text not null
);
comment on table reference.arrondissement_municipal is 'Arrondissements of Paris, Lyon and Marseille; unchanged since 2010. Grain: one arrondissement. Source: Insee COG 2026.';
comment on column reference.arrondissement_municipal.code is 'Insee code.';
comment on column reference.arrondissement_municipal.name is 'French name.';
comment on column reference.arrondissement_municipal.commune is 'Insee code of the commune that it is a part of.';

create table reference.commune_population (
    code       text not null,
    year       smallint not null,
    geography  date not null,
    population integer not null check (population >= 0),
    primary key (code, year, geography)
);
comment on table reference.commune_population is 'Legal population of the communes that a merger, a split or a change of code touches: weights to divide what was merged. Grain: one commune at one geography in one census year. Source: Insee, Licence Ouverte 2.0; added up from the parts where a census knows a commune nouvelle''s parts only.';
comment on column reference.commune_population.code is 'Insee code.';
comment on column reference.commune_population.year is 'Census year.';
comment on column reference.commune_population.geography is 'Day at which the code is meant: the file''s own geography.';
comment on column reference.commune_population.population is 'Municipal population.';

create table reference.epci (
    siren      text not null,
    name       text not null,
    nature     text not null,
    first_year smallint not null,
    last_year  smallint not null,
    years      int4range generated always as (int4range(first_year, last_year, '[]')) stored,
    primary key (siren, first_year)
);
create trigger epci_one_writer before insert or update on reference.epci
    for each statement execute function reference.lock_against_overlap();
create trigger epci_once_a_year after insert or update on reference.epci
    for each statement execute function reference.refuse_overlap('siren', 'years');
comment on table reference.epci is 'Intercommunal bodies with own taxation, and the Métropole de Lyon. Grain: one (name, nature) of a body over a run of years. Source: DGCL, Licence Ouverte 2.0.';
comment on column reference.epci.siren is 'SIREN.';
comment on column reference.epci.name is 'French name.';
comment on column reference.epci.nature is 'CC, CA, CU, METRO, MET69 (Métropole de Lyon), SAN.';
comment on column reference.epci.first_year is 'First year, at 1 January.';
comment on column reference.epci.last_year is 'Last year, at 1 January.';
comment on column reference.epci.years is 'Years of it.';

create table reference.commune_epci (
    commune    text not null,
    epci       text not null,
    first_year smallint not null,
    last_year  smallint not null,
    years      int4range generated always as (int4range(first_year, last_year, '[]')) stored,
    primary key (commune, first_year)
);
create trigger commune_epci_one_writer before insert or update on reference.commune_epci
    for each statement execute function reference.lock_against_overlap();
create trigger commune_in_one_epci after insert or update on reference.commune_epci
    for each statement execute function reference.refuse_overlap('commune', 'years');
comment on table reference.commune_epci is 'Which EPCI a commune belongs to at 1 January of a year. Grain: one commune in one EPCI over a run of years. Source: DGCL, Licence Ouverte 2.0.';
comment on column reference.commune_epci.commune is 'Insee code in the geography of that year.';
comment on column reference.commune_epci.epci is 'SIREN.';
comment on column reference.commune_epci.first_year is 'First year.';
comment on column reference.commune_epci.last_year is 'Last year.';
comment on column reference.commune_epci.years is 'Years of it; a run that holds 2018 was read in 2017 and 2019 only.';

create table reference.epci_year (
    year   smallint primary key,
    status text not null check (status in ('lu', 'presume'))
);
comment on table reference.epci_year is 'The years for which EPCI are known. Grain: one year.';
comment on column reference.epci_year.year is 'Year, at 1 January.';
comment on column reference.epci_year.status is 'lu: read in a file of that year; presume: no file, supposed where 2017 and 2019 agree.';

create table reference.collectivite (
    code        text not null,
    name        text not null,
    departement text not null,
    epci        text,
    valid_from  date not null,
    valid_to    date,
    verified    text not null,
    source      text not null,
    period      daterange generated always as (daterange(valid_from, valid_to)) stored,
    primary key (code, departement, valid_from),
    constraint collectivite_once_at_a_time exclude using gist (code with =, departement with =, period with &&)
);
comment on table reference.collectivite is 'Bodies that have a département''s powers and are not simply the département: Métropole de Lyon, Corse, Alsace, overseas. Statistics keep the département. Grain: one body in one département over one period.';
comment on column reference.collectivite.code is 'Insee code of the body (69M, 20R); a département that stayed one is code || D.';
comment on column reference.collectivite.name is 'French name.';
comment on column reference.collectivite.departement is 'Département that it lies in.';
comment on column reference.collectivite.epci is 'SIREN of the EPCI whose communes it covers; null: all of the département, or the rest of it.';
comment on column reference.collectivite.valid_from is 'First day.';
comment on column reference.collectivite.valid_to is 'First day no longer; null while it lasts.';
comment on column reference.collectivite.verified is 'oui, or what was not checked in a source.';
comment on column reference.collectivite.source is 'Where it was read.';
comment on column reference.collectivite.period is 'Days in force.';

create table reference.caf (
    departement text not null,
    name        text not null,
    valid_from  date,
    valid_to    date,
    verified    boolean not null,
    merged_from text,
    merged_on   text,
    note        text,
    period      daterange generated always as (daterange(valid_from, valid_to)) stored,
    constraint caf_once_at_a_time exclude using gist (departement with =, name with =, period with &&)
);
comment on table reference.caf is 'Caisses d''allocations familiales. Keyed on the département: no source gives their own codes. Grain: one Caf of one département over one period.';
comment on column reference.caf.departement is 'Insee code of the département.';
comment on column reference.caf.name is 'Name, built from the département''s article.';
comment on column reference.caf.valid_from is 'First day; null: before the first data year, or unknown.';
comment on column reference.caf.valid_to is 'First day no longer; null while it lasts.';
comment on column reference.caf.verified is 'False: one Caf or its period is supposed, not read.';
comment on column reference.caf.merged_from is 'Cafs it was merged from, or their number, where read.';
comment on column reference.caf.merged_on is 'Date of that merger as read; often not a day.';
comment on column reference.caf.note is 'In French: what is not sure.';
comment on column reference.caf.period is 'Days in force.';

create table reference.zoning (
    zoning     text primary key,
    family     text not null check (family in ('qpv', 'zus', 'zrr', 'frr')),
    label      text not null,
    valid_from date not null,
    valid_to   date,
    geography  date not null,
    scope      text not null,
    complete   boolean not null,
    file       text not null,
    loaded     boolean not null default false,
    source     text not null,
    note       text,
    period     daterange generated always as (daterange(valid_from, valid_to, '[]')) stored,
    constraint zoning_once_at_a_time exclude using gist (family with =, scope with =, period with &&)
);
comment on table reference.zoning is 'Priority zonings and when they hold, loaded or not. Grain: one list of one zoning. From zonages.csv.';
comment on column reference.zoning.zoning is 'Name of the list.';
comment on column reference.zoning.family is 'qpv, zus (before it), zrr, frr (after it).';
comment on column reference.zoning.label is 'French label.';
comment on column reference.zoning.valid_from is 'First day in force, or from which the list is known.';
comment on column reference.zoning.valid_to is 'Last day in force; null while it lasts.';
comment on column reference.zoning.geography is 'Day at which the list''s commune codes are meant.';
comment on column reference.zoning.scope is 'What it covers: metro, drom, com, or départements, joined by commas.';
comment on column reference.zoning.complete is 'False: a commune that the list lacks may still be in the zoning.';
comment on column reference.zoning.file is 'File under reference/, or under the home''s reference/ where an operator adds it.';
comment on column reference.zoning.loaded is 'Whether the file was there.';
comment on column reference.zoning.source is 'Source.';
comment on column reference.zoning.note is 'In French: limits.';
comment on column reference.zoning.period is 'Days in force.';

create table reference.zoning_commune (
    zoning  text not null,
    line_no integer not null,
    commune text not null,
    area    text,
    name    text,
    status  text,
    primary key (zoning, line_no, commune)
);
create index zoning_commune_by_commune on reference.zoning_commune (commune, zoning);
comment on table reference.zoning_commune is 'Communes that a zoning holds, wholly or partly. Grain: one commune of one line of a list (a commune may hold several areas, an area several communes).';
comment on column reference.zoning_commune.zoning is 'List.';
comment on column reference.zoning_commune.line_no is 'Line of the file.';
comment on column reference.zoning_commune.commune is 'Insee code in the list''s geography.';
comment on column reference.zoning_commune.area is 'Code of the area (QP092001, QN09201M), where the list has one.';
comment on column reference.zoning_commune.name is 'Name of the area, where the list has one.';
comment on column reference.zoning_commune.status is 'Status as published (ZRR: C classed, PC classed in part).';

create table reference.collection_extent (
    data_year            smallint primary key,
    edition              smallint,
    territories_stated   smallint,
    departements_stated  smallint,
    membership           text not null check (membership in ('listee', 'inconnue', 'toutes')),
    source               text,
    note                 text
);
comment on table reference.collection_extent is 'How far each Senacs collection went, as the sources say. Grain: one data year. What they do not say is null or inconnue, never filled in.';
comment on column reference.collection_extent.data_year is 'Year of the activity described.';
comment on column reference.collection_extent.edition is 'Year of the publication; null where no source says.';
comment on column reference.collection_extent.territories_stated is 'Number of territories that the source states.';
comment on column reference.collection_extent.departements_stated is 'Number of départements that the source states.';
comment on column reference.collection_extent.membership is 'listee: named in reference.collection_territory; inconnue: no source says which; toutes: every département.';
comment on column reference.collection_extent.source is 'Source; null where none was read.';
comment on column reference.collection_extent.note is 'In French: contradictions and gaps.';

create table reference.collection_territory (
    data_year   smallint not null,
    territory   text not null,
    departement text not null,
    certainty   text not null check (certainty in ('nomme', 'deduit')),
    source      text not null,
    primary key (data_year, departement)
);
comment on table reference.collection_territory is 'Collection territories of the pilot campaigns. Grain: one département of one territory in one data year.';
comment on column reference.collection_territory.data_year is 'Year of the activity described.';
comment on column reference.collection_territory.territory is 'Territory as the source names it; regions are those of before 2016.';
comment on column reference.collection_territory.departement is 'Insee code of the département.';
comment on column reference.collection_territory.certainty is 'nomme: the source names the département; deduit: it names a region (or hesitates), read as all of its départements.';
comment on column reference.collection_territory.source is 'Source.';

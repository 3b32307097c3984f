-- The tables that say where and who: dated territories, real places, the register, perimeters.

create schema reference;
comment on schema reference is 'Territories of the Insee code officiel géographique, real places, the register of structures and who is asked.';

create table reference.region (
    code       text not null,
    name       text not null,
    valid_from date not null,
    valid_to   date,
    primary key (code, valid_from)
);
comment on table reference.region is 'Regions of France, old (until 2015) and new (from 2016). Grain: one region over one period. Source: Insee COG by etalab/geohisto, Licence Ouverte 2.0.';
comment on column reference.region.code is 'Insee code of the region; codes are re-used over time, so a code needs a date.';
comment on column reference.region.name is 'French name.';
comment on column reference.region.valid_from is 'First day in force.';
comment on column reference.region.valid_to is 'Last day in force; null while in force.';

create table reference.departement (
    code            text primary key,
    name            text not null,
    zone            text not null check (zone in ('metro', 'drom', 'com')),
    region_2016     text,
    region_1970     text
);
comment on table reference.departement is 'Départements and overseas collectivities. Grain: one département. Source: @etalab/decoupage-administratif (COG 2026), Licence Ouverte 2.0.';
comment on column reference.departement.code is 'Insee code, text: 01, 2A, 971.';
comment on column reference.departement.name is 'French name.';
comment on column reference.departement.zone is 'metro, drom (overseas département) or com (collectivity outside the 101 départements).';
comment on column reference.departement.region_2016 is 'Region since 2016; null for a com.';
comment on column reference.departement.region_1970 is 'Region until 2015; null for a com.';

create table reference.commune (
    code       text not null,
    name       text not null,
    valid_from date not null,
    valid_to   date,
    departement text not null,
    primary key (code, name, valid_from)
);
comment on table reference.commune is 'Communes alive since 2010-01-01. Grain: one (code, name) over one period [valid_from, valid_to). Source: Insee movements, Licence Ouverte 2.0.';
comment on column reference.commune.code is 'Insee code, text of five characters; a code is re-used after a merger, so a code needs a date.';
comment on column reference.commune.name is 'French name.';
comment on column reference.commune.valid_from is 'First day in force; 1900-01-01 where it began before 2010.';
comment on column reference.commune.valid_to is 'First day no longer in force; null while in force.';
comment on column reference.commune.departement is 'Département read from the code.';

create table reference.avs_place (
    place_no    integer primary key,
    name        text not null,
    siret       text,
    siret_valid boolean not null,
    presumed    text not null check (presumed in ('CS', 'EVS')),
    departement text,
    source      text not null
);
comment on table reference.avs_place is 'Real places named centre social, socioculturel or EVS in open lists. Grain: one line of a source. No invented answer is ever attached to these names.';
comment on column reference.avs_place.place_no is 'Line number in the shipped file.';
comment on column reference.avs_place.name is 'Name as published.';
comment on column reference.avs_place.siret is 'SIRET as published, 14 digits; not a key: one SIRET may serve several centres.';
comment on column reference.avs_place.siret_valid is 'Whether the SIRET passes its check digit.';
comment on column reference.avs_place.presumed is 'CS or EVS, by the name only.';
comment on column reference.avs_place.departement is 'Insee code of the département, where known.';
comment on column reference.avs_place.source is 'The open list the line comes from.';

create table reference.structure (
    data_year    smallint not null,
    structure_id text not null,
    territory    text not null,
    population   text not null,
    name         text not null,
    departement  text not null,
    commune      text,
    manager      text,
    federated    boolean,
    siret        text,
    primary key (data_year, structure_id)
);
comment on table reference.structure is 'The register: approved structures by data year, derived from the collection `registre`. Grain: one structure in one data year. Simulated wherever codebook.collection.simulated says so of `registre`.';
comment on column reference.structure.data_year is 'Year of the activity described.';
comment on column reference.structure.structure_id is 'Own stable identifier; never the SIRET.';
comment on column reference.structure.territory is 'Territory that delivered the line.';
comment on column reference.structure.population is 'CS or EVS; never pooled in one mean.';
comment on column reference.structure.name is 'Name of the structure.';
comment on column reference.structure.departement is 'Département of the commune, else of the territory.';
comment on column reference.structure.commune is 'Insee code of the commune.';
comment on column reference.structure.manager is 'Managing body, as named; one may run several structures.';
comment on column reference.structure.federated is 'Member of the federation of centres sociaux in that year; null if not answered.';
comment on column reference.structure.siret is 'SIRET as delivered; may be the manager''s.';

create table reference.campaign_departement (
    collection  text not null,
    data_year   smallint not null,
    territory   text not null,
    departement text not null,
    perimeter   text not null check (perimeter in ('all', 'federated', 'export')),
    primary key (collection, data_year, departement)
);
comment on table reference.campaign_departement is 'Which départements a campaign asks, by which territory, and which structures of them. Grain: one département of one campaign. From campaigns.yml.';
comment on column reference.campaign_departement.collection is 'Collection.';
comment on column reference.campaign_departement.data_year is 'Year of the activity described.';
comment on column reference.campaign_departement.territory is 'Collection territory that answers for the département.';
comment on column reference.campaign_departement.departement is 'Insee code of the département.';
comment on column reference.campaign_departement.perimeter is 'all or federated structures of the register; export: no register, the export lists what exists.';

create table reference.shipped_file (
    name   text primary key,
    sha256 text not null
);
comment on table reference.shipped_file is 'Which version of each shipped reference file is loaded. Grain: one file.';
comment on column reference.shipped_file.name is 'File name under reference/.';
comment on column reference.shipped_file.sha256 is 'SHA-256 of the loaded version.';

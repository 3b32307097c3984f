-- Vintages: figures of a data year as published, frozen. What leaves the house is read from here and from nowhere else.

create schema publication;
comment on schema publication is 'What is published: vintages of figures after disclosure control, and what they rest on.';
grant usage on schema publication to senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_public;

create table publication.vintage (
    vintage_no  bigint generated always as identity primary key,
    collection  text not null,
    data_year   smallint not null,
    number      smallint not null check (number >= 1),
    codebook    text not null,
    code        text not null,
    inputs      text not null,
    proposed_at timestamptz not null default clock_timestamp(),
    unique (collection, data_year, number)
);
comment on table publication.vintage is 'Frozen figures of a data year, proposed or released. Grain: one vintage of one collection''s data year. One that is released never changes; one that is not is replaced by the next proposal.';
comment on column publication.vintage.vintage_no is 'Its number in this warehouse; nothing outside of it shows it.';
comment on column publication.vintage.collection is 'Collection.';
comment on column publication.vintage.data_year is 'Year of the activity described.';
comment on column publication.vintage.number is '1 for the first vintage of the data year.';
comment on column publication.vintage.codebook is 'Content hash of the codebook that it was computed by.';
comment on column publication.vintage.code is 'Hash of the code, statements and disclosure rules that it was computed by.';
comment on column publication.vintage.inputs is 'Hash of all that its figures depend on: equal inputs make equal figures.';
comment on column publication.vintage.proposed_at is 'When it was made.';

create table publication.checks (
    vintage_no bigint primary key references publication.vintage on delete cascade,
    checks     jsonb not null
);
comment on table publication.checks is 'What a person looks at before a vintage is released: response, findings, additivity, attack, comparison. For the house. Grain: one vintage.';
comment on column publication.checks.vintage_no is 'The vintage.';
comment on column publication.checks.checks is 'The list, as senacs.vintages.checklist reads it.';

create table publication.release (
    vintage_no  bigint primary key references publication.vintage,
    kind        text not null check (kind in ('provisional', 'final')),
    reason      text not null check (reason <> ''),
    decided_by  text not null check (decided_by <> ''),
    released_on date not null,
    released_at timestamptz not null default clock_timestamp()
);
comment on table publication.release is 'The decisions to publish. Grain: one vintage. Added to, never changed.';
comment on column publication.release.vintage_no is 'The vintage.';
comment on column publication.release.kind is 'Whether more is expected to come.';
comment on column publication.release.reason is 'Why it is published, in French.';
comment on column publication.release.decided_by is 'Who answers for it.';
comment on column publication.release.released_on is 'The day, in Paris.';
comment on column publication.release.released_at is 'The moment it was recorded.';

create table publication.stored_figure (
    vintage_no    bigint not null references publication.vintage on delete cascade,
    level         text not null,
    area          text not null,
    series        bigint not null,
    status        text not null check (status in ('value', 'hidden', 'no_answer', 'no_base')),
    n_scope       integer not null,
    n_responded   integer not null,
    n_base        integer,
    n_item        integer,
    value         numeric,
    estimate      numeric,
    estimate_low  numeric,
    estimate_high numeric,
    primary key (vintage_no, level, area, series)
);
comment on table publication.stored_figure is 'Figures of a vintage after disclosure control, as they are kept: read them through publication.figure, which has the names. Grain: one series × area. No number that is hidden is in it. Simulated wherever codebook.collection.simulated says so.';
comment on column publication.stored_figure.vintage_no is 'The vintage.';
comment on column publication.stored_figure.level is 'departement; region (in force in the data year); region_today, where regions were others; france; surveyed: never to be called France.';
comment on column publication.stored_figure.area is 'Insee code; FR for france, * for surveyed, ZZ where none is known.';
comment on column publication.stored_figure.series is 'Which figure: indicator.series.';
comment on column publication.stored_figure.status is 'What there is to see: a value; hidden by disclosure control; nobody answered; it is about nobody here.';
comment on column publication.stored_figure.n_scope is 'Units of the perimeter; by a breakdown that units declare themselves, of the whole area.';
comment on column publication.stored_figure.n_responded is 'Of these, units that answered.';
comment on column publication.stored_figure.n_base is 'Of these, units the figure is about; null where hidden.';
comment on column publication.stored_figure.n_item is 'Of these, units that answered the item; null where hidden.';
comment on column publication.stored_figure.value is 'The figure, in the indicator''s unit; null where there is none to see.';
comment on column publication.stored_figure.estimate is 'For all units in scope, of the whole only; null elsewhere.';
comment on column publication.stored_figure.estimate_low is 'Lower end of its 95 % interval.';
comment on column publication.stored_figure.estimate_high is 'Upper end of its 95 % interval.';

create table publication.area (
    vintage_no    bigint not null references publication.vintage on delete cascade,
    level         text not null,
    area          text not null,
    label         text not null,
    shown         boolean not null,
    departements  text[] not null,
    held_by_level text,
    held_by_area  text,
    primary key (vintage_no, level, area)
);
comment on table publication.area is 'Areas of a vintage, named as of its data year; of those that are not shown, the sums lie between those of others. Grain: one area of one vintage.';
comment on column publication.area.vintage_no is 'The vintage.';
comment on column publication.area.level is 'departement, region, region_today, france, surveyed.';
comment on column publication.area.area is 'Insee code; FR, * or ZZ.';
comment on column publication.area.label is 'French name.';
comment on column publication.area.shown is 'Whether it has figures: all of its départements are loaded.';
comment on column publication.area.departements is 'Départements of it that have units in scope.';
comment on column publication.area.held_by_level is 'Level of the area that it is a part of; null for the whole.';
comment on column publication.area.held_by_area is 'Code of that area.';

create table publication.structure (
    vintage_no   bigint not null references publication.vintage on delete cascade,
    structure_id text not null,
    population   text not null,
    departement  text not null,
    commune      text not null,
    name         text not null,
    primary key (vintage_no, structure_id)
);
comment on table publication.structure is 'The perimeter of a vintage as the public register lists it: nothing that a structure answered, and not whether it did. Grain: one structure. Simulated wherever codebook.collection.simulated says so.';
comment on column publication.structure.vintage_no is 'The vintage.';
comment on column publication.structure.structure_id is 'Identifier of the register.';
comment on column publication.structure.population is 'CS or EVS.';
comment on column publication.structure.departement is 'Insee code.';
comment on column publication.structure.commune is 'Name of the commune; empty where it is not known.';
comment on column publication.structure.name is 'Name of the structure.';

create table publication.change (
    vintage_no bigint not null references publication.vintage on delete cascade,
    level      text not null,
    area       text not null,
    series     bigint not null,
    reasons    text[] not null,
    before     numeric,
    after      numeric,
    primary key (vintage_no, level, area, series)
);
comment on table publication.change is 'What is another figure than in the vintage before. Grain: one series × area of one vintage.';
comment on column publication.change.vintage_no is 'The vintage that has the other figure.';
comment on column publication.change.level is 'Level of the area.';
comment on column publication.change.area is 'Code of the area.';
comment on column publication.change.series is 'Which figure: indicator.series.';
comment on column publication.change.reasons is 'correction, late_reply, method, perimeter; disclosure where it is hidden now, or was.';
comment on column publication.change.before is 'The figure in the vintage before; null where there was none to see.';
comment on column publication.change.after is 'The figure in this one; null where there is none to see.';

create table publication.file (
    vintage_no  bigint not null references publication.vintage on delete cascade,
    territory   text not null,
    sha256      text not null,
    file_name   text not null,
    received_on date not null,
    primary key (vintage_no, territory)
);
comment on table publication.file is 'Exports that a vintage rests on. Grain: one territory of one vintage.';
comment on column publication.file.vintage_no is 'The vintage.';
comment on column publication.file.territory is 'Collection territory.';
comment on column publication.file.sha256 is 'Hash of the export''s bytes: its name in the archive.';
comment on column publication.file.file_name is 'Collection, year and territory, with the file''s own ending: the name that it was sent under may be a person''s.';
comment on column publication.file.received_on is 'The day its content first came in, in Paris.';

create table publication.cell (
    vintage_no bigint not null references publication.vintage on delete cascade,
    quantity   text not null,
    population text not null,
    level      text not null,
    area       text not null,
    breakdown  text not null,
    category   text not null,
    value      double precision not null,
    weight     double precision not null,
    reason     text not null,
    below      double precision not null,
    above      double precision not null,
    lower      double precision not null,
    upper      double precision not null,
    is_whole   boolean not null,
    knower     text not null,
    standing   text not null check (standing in ('open', 'told', 'untold')),
    hidden     boolean not null,
    primary key (vintage_no, quantity, population, level, area, breakdown, category)
);
comment on table publication.cell is 'Sums that the figures of a vintage are made of, with what disclosure control decided. Not for the public: it holds what is hidden. Grain: one sum × population × area × category, and one more where units lie between two vintages.';
comment on column publication.cell.vintage_no is 'The vintage.';
comment on column publication.cell.quantity is 'What is summed, over whom.';
comment on column publication.cell.population is 'Population, or the code of all together.';
comment on column publication.cell.level is 'Level of the area.';
comment on column publication.cell.area is 'Code of the area.';
comment on column publication.cell.breakdown is 'all, or a breakdown.';
comment on column publication.cell.category is 'all, or a category of it.';
comment on column publication.cell.value is 'The sum.';
comment on column publication.cell.weight is 'Information that is lost if it is hidden: the square root of the units in it.';
comment on column publication.cell.reason is 'The primary rule that hides it; empty where none does.';
comment on column publication.cell.below is 'How far under the value what a reader thinks possible has to reach.';
comment on column publication.cell.above is 'How far over it.';
comment on column publication.cell.lower is 'What everybody knows it is not under.';
comment on column publication.cell.upper is 'What everybody knows it is not over.';
comment on column publication.cell.is_whole is 'Whether it is a whole number, and everybody knows that.';
comment on column publication.cell.knower is 'The only managing body in it, which so knows it; empty where there are several.';
comment on column publication.cell.standing is 'open: told or hidden; told: known anyway; untold: printed nowhere, but a reader can think of it.';
comment on column publication.cell.hidden is 'Whether it is not told.';

create table publication.unit (
    vintage_no  bigint not null references publication.vintage on delete cascade,
    unit_no     integer not null,
    unit_id     text not null,
    population  text not null,
    departement text not null,
    manager     bigint,
    categories  text[] not null,
    primary key (vintage_no, unit_no)
);
comment on table publication.unit is 'Units in the perimeter of a vintage, for telling what lies between two. Not for the public. Grain: one unit of one vintage.';
comment on column publication.unit.vintage_no is 'The vintage.';
comment on column publication.unit.unit_no is 'Its number in this vintage.';
comment on column publication.unit.unit_id is 'Unit.';
comment on column publication.unit.population is 'Population.';
comment on column publication.unit.departement is 'Insee code; ZZ where none is known.';
comment on column publication.unit.manager is 'Hash of its managing body; null where it is not known.';
comment on column publication.unit.categories is 'Its category of each breakdown, as breakdown=category.';

create table publication.answer (
    vintage_no bigint not null references publication.vintage on delete cascade,
    unit_no    integer not null,
    indicator  text not null,
    value      numeric,
    weight     numeric,
    primary key (vintage_no, unit_no, indicator)
);
comment on table publication.answer is 'What a unit gave to the figures of a vintage. Not for the public. Grain: one unit × indicator that it gives something to.';
comment on column publication.answer.vintage_no is 'The vintage.';
comment on column publication.answer.unit_no is 'Unit of this vintage.';
comment on column publication.answer.indicator is 'Indicator.';
comment on column publication.answer.value is 'What it adds to the numerator.';
comment on column publication.answer.weight is 'What it adds to the denominator.';

-- A vintage never changes.
create function publication.keep() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    changed bigint := case when tg_op = 'DELETE' then old.vintage_no else new.vintage_no end;
begin
    if exists (select from publication.release r where r.vintage_no = changed) then
        raise exception 'vintage % is released: a correction is a new vintage', changed using errcode = 'object_not_in_prerequisite_state';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
comment on function publication.keep() is 'Trigger of every table of a vintage: refuses to add to one that is released, and to change or delete anything of it.';
create function publication.keep_decisions() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'a decision to publish is never changed' using errcode = 'object_not_in_prerequisite_state';
end $$;
comment on function publication.keep_decisions() is 'Trigger: refuses to change, delete or empty what it is on.';
revoke execute on function publication.keep(), publication.keep_decisions() from public;
create trigger keep before update or delete on publication.release for each row execute function publication.keep_decisions();
create trigger keep_all before truncate on publication.release for each statement execute function publication.keep_decisions();
do $$
declare
    kept text;
begin
    foreach kept in array array['vintage', 'checks', 'stored_figure', 'area', 'structure', 'change', 'file', 'cell', 'unit', 'answer'] loop
        execute format('create trigger keep before insert or update or delete on publication.%I
                        for each row execute function publication.keep()', kept);
        execute format('create trigger keep_all before truncate on publication.%I
                        for each statement execute function publication.keep_decisions()', kept);
        execute format('grant select, insert, delete on publication.%I to senacs_etl', kept);
    end loop;
end $$;
grant select, insert on publication.release to senacs_etl;

-- Everybody may read what is released, and nobody but the house what is not.
alter table publication.release enable row level security;
create policy everybody on publication.release for select to senacs_correspondent, senacs_national_analyst, senacs_public using (true);
grant select on publication.release to senacs_correspondent, senacs_national_analyst, senacs_public;
do $$
declare
    public_table text;
begin
    foreach public_table in array array['vintage', 'stored_figure', 'area', 'structure', 'change', 'file'] loop
        execute format('alter table publication.%I enable row level security', public_table);
        execute format('create policy released on publication.%I for select
                        to senacs_correspondent, senacs_national_analyst, senacs_public
                        using (vintage_no in (select r.vintage_no from publication.release r))', public_table);
        execute format('grant select on publication.%I to senacs_correspondent, senacs_national_analyst, senacs_public',
                       public_table);
    end loop;
end $$;
grant select on indicator.series to senacs_correspondent, senacs_public;

create view publication.figure with (security_invoker = true) as
select v.collection, k.label as collection_label, k.simulated, v.data_year, v.number, r.kind, r.released_on,
       s.indicator, i.position, i.theme_label, i.label, i.statistic, i.unit, i.decimals, i.headline, i.note, s.population,
       f.level, f.area, a.label as area_label, s.breakdown, s.category, f.status, f.n_scope, f.n_responded, f.n_base, f.n_item,
       f.value, f.estimate, f.estimate_low, f.estimate_high
  from publication.vintage v
  join publication.release r using (vintage_no)
  join publication.stored_figure f using (vintage_no)
  join publication.area a using (vintage_no, level, area)
  join indicator.series s on s.series = f.series
  join codebook.collection k on k.collection = v.collection
  join codebook.indicator i on i.collection = s.collection and i.indicator = s.indicator
 where v.number = (select max(o.number)
                     from publication.vintage o
                     join publication.release p using (vintage_no)
                    where o.collection = v.collection and o.data_year = v.data_year);
comment on view publication.figure is 'The figures that everybody may see: the newest vintage of each data year. Grain: one indicator × population × area × category of a breakdown in one data year. Simulated where the column says so.';
comment on column publication.figure.collection is 'Collection.';
comment on column publication.figure.collection_label is 'French label of the collection.';
comment on column publication.figure.simulated is 'True: invented answers on invented names; say so wherever shown.';
comment on column publication.figure.data_year is 'Year of the activity described.';
comment on column publication.figure.number is 'Number of the vintage.';
comment on column publication.figure.kind is 'provisional or final.';
comment on column publication.figure.released_on is 'The day it was published.';
comment on column publication.figure.indicator is 'Indicator of the codebook.';
comment on column publication.figure.position is 'Order of presentation.';
comment on column publication.figure.theme_label is 'Theme, in French.';
comment on column publication.figure.label is 'Label of the figure, in French.';
comment on column publication.figure.statistic is 'scope, count, response, total, mean, median, share, ratio.';
comment on column publication.figure.unit is 'Unit; share means 0 to 1.';
comment on column publication.figure.decimals is 'Decimals shown.';
comment on column publication.figure.headline is 'Shown first.';
comment on column publication.figure.note is 'What a reader must know.';
comment on column publication.figure.population is 'CS, EVS, POSTE; codebook.collection.pooled_population for all of them together.';
comment on column publication.figure.level is 'departement, region, region_today, france, surveyed.';
comment on column publication.figure.area is 'Code of the area.';
comment on column publication.figure.area_label is 'French name of the area.';
comment on column publication.figure.breakdown is 'all, or a breakdown of the codebook.';
comment on column publication.figure.category is 'all; a category of the breakdown, or inconnu.';
comment on column publication.figure.status is 'value, hidden, no_answer, no_base.';
comment on column publication.figure.n_scope is 'Units of the perimeter; by a breakdown that units declare themselves, of the whole area.';
comment on column publication.figure.n_responded is 'Of these, units that answered.';
comment on column publication.figure.n_base is 'Of these, units the figure is about; null where hidden.';
comment on column publication.figure.n_item is 'Of these, units that answered the item; null where hidden.';
comment on column publication.figure.value is 'The figure; null where there is none to see.';
comment on column publication.figure.estimate is 'For all units in scope, of the whole only.';
comment on column publication.figure.estimate_low is 'Lower end of its 95 % interval.';
comment on column publication.figure.estimate_high is 'Upper end of its 95 % interval.';
grant select on publication.figure to senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_public;

-- What is not frozen is for the house: it can be subtracted.
revoke select on indicator.figure from senacs_correspondent, senacs_public;
alter view indicator.figure set (security_invoker = true);
comment on view indicator.figure is 'indicator.cell with labels and primary disclosure rules, for the house: what is shown can still be subtracted, and changes with every load. What everybody may see is publication.figure. Simulated where the column says so.';

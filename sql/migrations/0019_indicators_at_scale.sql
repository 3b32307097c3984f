-- Indicators at full scale: what a load changes is computed again, and no more; breakdowns, EPCI, regions of today,
-- the same structures in two years, and why a figure changed.

-- The codebook's copy: what figures are broken down by, which years have them, and what of them may be pooled.

alter table codebook.collection
    add column pooled_population text,
    add column pooled_label      text,
    add column epci_least        smallint check (epci_least >= 1);
comment on column codebook.collection.pooled_population is 'Code under which counts and totals of all its populations are added (AVS); null where nothing is.';
comment on column codebook.collection.pooled_label is 'French label of pooled_population.';
comment on column codebook.collection.epci_least is 'Structures in scope from which on an EPCI has figures; null: no figures by EPCI.';

create table codebook.breakdown (
    collection  text not null references codebook.collection on delete cascade,
    breakdown   text not null check (breakdown not in ('all', 'epci')),
    position    smallint not null,
    label       text not null,
    variable    text not null,
    of_register boolean not null,
    primary key (collection, breakdown)
);
comment on table codebook.breakdown is 'What figures are broken down by. Grain: one breakdown. Every unit is in one category of it: one that codebook.category names, or `inconnu`.';
comment on column codebook.breakdown.collection is 'Collection.';
comment on column codebook.breakdown.breakdown is 'Name of the breakdown.';
comment on column codebook.breakdown.position is 'Order.';
comment on column codebook.breakdown.label is 'French label.';
comment on column codebook.breakdown.variable is 'Variable that says a unit''s category.';
comment on column codebook.breakdown.of_register is 'True: a variable of the register, known of all in scope; false: of the collection itself, known of those that answered it.';

create table codebook.category (
    collection text not null,
    breakdown  text not null,
    category   text not null check (category <> 'inconnu'),
    position   smallint not null,
    label      text not null,
    codes      text[] not null,
    at_least   numeric,
    below      numeric check (below > at_least),
    primary key (collection, breakdown, category),
    foreign key (collection, breakdown) references codebook.breakdown on delete cascade
);
comment on table codebook.category is 'Categories of a breakdown. Grain: one category.';
comment on column codebook.category.collection is 'Collection.';
comment on column codebook.category.breakdown is 'Breakdown.';
comment on column codebook.category.category is 'Name of the category.';
comment on column codebook.category.position is 'Order.';
comment on column codebook.category.label is 'French label.';
comment on column codebook.category.codes is 'Codes of a coded variable that are in it; empty for a number.';
comment on column codebook.category.at_least is 'Of a number: smallest value in it; null: no lower bound.';
comment on column codebook.category.below is 'Of a number: smallest value above it; null: no upper bound.';

alter table codebook.indicator
    drop constraint indicator_statistic_check,
    add constraint indicator_statistic_check
        check (statistic in ('scope', 'count', 'response', 'total', 'mean', 'median', 'share', 'ratio')),
    add column breakdowns text[] not null default '{}',
    add column pooled     boolean not null default false,
    add column by_epci    boolean not null default false;
alter table codebook.indicator alter column breakdowns drop default, alter column pooled drop default,
    alter column by_epci drop default;
comment on column codebook.indicator.statistic is 'scope: units of the perimeter; count: of these, units that responded; response: the one over the other; total, mean or median of a variable, share of units with a code, ratio of two sums.';
comment on column codebook.indicator.breakdowns is 'What it is broken down by, at every level but the EPCI.';
comment on column codebook.indicator.pooled is 'Also for all populations together: counts, totals and response only.';
comment on column codebook.indicator.by_epci is 'Also by EPCI.';

create table codebook.indicator_year (
    collection    text not null,
    indicator     text not null,
    data_year     smallint not null,
    populations   text[] not null,
    comparability text not null check (comparability in ('first', 'same', 'recoded', 'break')),
    note          text not null,
    primary key (collection, indicator, data_year),
    foreign key (collection, indicator) references codebook.indicator on delete cascade
);
comment on table codebook.indicator_year is 'The data years that can answer an indicator: all its variables are asked, or derived. Grain: one indicator in one data year.';
comment on column codebook.indicator_year.collection is 'Collection.';
comment on column codebook.indicator_year.indicator is 'Indicator.';
comment on column codebook.indicator_year.data_year is 'Year of the activity described.';
comment on column codebook.indicator_year.populations is 'Populations that all its variables are asked of.';
comment on column codebook.indicator_year.comparability is 'With the last year before that has it: same, recoded (harmonised, comparable) or break; first: there is none.';
comment on column codebook.indicator_year.note is 'What changed, in French; empty where nothing did.';

-- The copies are made again by the next run: what they now hold more of must be there.
update codebook.collection set version = '';

-- Figures: derived, so made anew, in parts by data year like the layers.

drop view indicator.figure;
drop table indicator.cell, indicator.basis;

create table indicator.part (
    collection  text not null,
    data_year   smallint not null,
    territory   text not null,
    departement text not null,
    indicator   text not null,
    population  text not null,
    breakdown   text not null,
    category    text not null,
    n_scope     integer not null,
    n_responded integer not null,
    n_base      integer not null,
    n_item      integer not null,
    n_corrected integer not null,
    managers    bigint[] not null check (cardinality(managers) <= 3),
    numerator   numeric,
    denominator numeric,
    largest     numeric,
    spread      numeric,
    numbers     numeric[],
    primary key (collection, data_year, departement, territory, indicator, population, breakdown, category)
) partition by list (data_year);
create index part_of_epci on indicator.part (collection, category) where breakdown = 'epci';
comment on table indicator.part is 'What the units of one territory''s département add to each figure: sums, not figures. Grain: one indicator × population × category of a breakdown × territory × département in one data year. Not for the public: no disclosure control. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.part.collection is 'Collection.';
comment on column indicator.part.data_year is 'Year of the activity described.';
comment on column indicator.part.territory is 'Collection territory.';
comment on column indicator.part.departement is 'Insee code; ZZ where none is known.';
comment on column indicator.part.indicator is 'Indicator of the codebook.';
comment on column indicator.part.population is 'CS, EVS, POSTE.';
comment on column indicator.part.breakdown is 'all; a breakdown of the codebook; epci.';
comment on column indicator.part.category is 'all; a category of the breakdown, or inconnu; SIREN of the EPCI, or inconnu.';
comment on column indicator.part.n_scope is 'Units of the perimeter.';
comment on column indicator.part.n_responded is 'Of these, units that responded.';
comment on column indicator.part.n_base is 'Of these, units the figure is about.';
comment on column indicator.part.n_item is 'Of these, units that answered the item.';
comment on column indicator.part.n_corrected is 'Of these, units of which an answer in the figure was corrected or confirmed by a correspondent.';
comment on column indicator.part.managers is 'Hashes of the managing bodies of n_item, in order, three at most: enough to know whether there are three.';
comment on column indicator.part.numerator is 'Sum, or number of units that count; null for a count.';
comment on column indicator.part.denominator is 'Sum of what the numerator is divided by; null for a count.';
comment on column indicator.part.largest is 'Largest amount of one unit.';
comment on column indicator.part.spread is 'Sum of amounts, each without its sign.';
comment on column indicator.part.numbers is 'Every value, in order, for a median; null for the others.';

create table indicator.region_part (
    collection  text not null,
    data_year   smallint not null,
    region      text not null,
    indicator   text not null,
    population  text not null,
    breakdown   text not null,
    category    text not null,
    n_scope     integer not null,
    n_responded integer not null,
    n_base      integer not null,
    n_item      integer not null,
    n_corrected integer not null,
    managers    bigint[] not null check (cardinality(managers) <= 3),
    numerator   numeric,
    denominator numeric,
    largest     numeric,
    spread      numeric,
    numbers     numeric[],
    primary key (collection, data_year, region, indicator, population, breakdown, category)
) partition by list (data_year);
comment on table indicator.region_part is 'The parts of a region''s départements added up, whether all of them are loaded or not, so that the whole need not be summed from départements. Grain: one indicator × population × category × region of the time in one data year. Not for the public: no disclosure control. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.region_part.collection is 'Collection.';
comment on column indicator.region_part.data_year is 'Year of the activity described.';
comment on column indicator.region_part.region is 'Insee code of the region in the data year; ZZ for what lies in none.';
comment on column indicator.region_part.indicator is 'Indicator of the codebook.';
comment on column indicator.region_part.population is 'CS, EVS, POSTE.';
comment on column indicator.region_part.breakdown is 'all, or a breakdown of the codebook.';
comment on column indicator.region_part.category is 'all; a category of the breakdown, or inconnu.';
comment on column indicator.region_part.n_scope is 'Units of the perimeter.';
comment on column indicator.region_part.n_responded is 'Of these, units that responded.';
comment on column indicator.region_part.n_base is 'Of these, units the figure is about.';
comment on column indicator.region_part.n_item is 'Of these, units that answered the item.';
comment on column indicator.region_part.n_corrected is 'Of these, units of which an answer in the figure was corrected or confirmed by a correspondent.';
comment on column indicator.region_part.managers is 'Hashes of the managing bodies of n_item, in order, three at most: enough to know whether there are three.';
comment on column indicator.region_part.numerator is 'Sum, or number of units that count; null for a count.';
comment on column indicator.region_part.denominator is 'Sum of what the numerator is divided by; null for a count.';
comment on column indicator.region_part.largest is 'Largest amount of one unit.';
comment on column indicator.region_part.spread is 'Sum of amounts, each without its sign.';
comment on column indicator.region_part.numbers is 'Every value, in order, for a median; null for the others.';

create table indicator.cell (
    collection   text not null,
    data_year    smallint not null,
    indicator    text not null,
    population   text not null,
    level        text not null check (level in ('epci', 'departement', 'region', 'region_today', 'france', 'surveyed')),
    area         text not null,
    breakdown    text not null,
    category     text not null,
    n_scope      integer not null,
    n_responded  integer not null,
    n_base       integer not null,
    n_item       integer not null,
    n_corrected  integer not null,
    n_managers   integer not null,
    numerator    numeric,
    denominator  numeric,
    value        numeric,
    confidential boolean not null,
    primary key (collection, data_year, level, area, indicator, population, breakdown, category)
) partition by list (data_year);
comment on table indicator.cell is 'Figures with what they rest on. Grain: one indicator × population × area × category of a breakdown in one data year. Unweighted sums of respondents. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.cell.collection is 'Collection.';
comment on column indicator.cell.data_year is 'Year of the activity described.';
comment on column indicator.cell.indicator is 'Indicator of the codebook.';
comment on column indicator.cell.population is 'CS, EVS, POSTE; codebook.collection.pooled_population for all of them together.';
comment on column indicator.cell.level is 'epci; departement; region (in force in the data year) and france only when every département of it is loaded; region_today likewise, where the regions of the data year are not those of now; surveyed: the territories of a partial collection, never to be called France.';
comment on column indicator.cell.area is 'SIREN of the EPCI, Insee code of the area, FR for france, * for surveyed, ZZ for units without a known département.';
comment on column indicator.cell.breakdown is 'all, or a breakdown of the codebook.';
comment on column indicator.cell.category is 'all, or a category of the breakdown; inconnu for units of which it is not known. The categories of a breakdown add up to all.';
comment on column indicator.cell.n_scope is 'Units of the perimeter. By a breakdown that units declare themselves, those that did not respond are inconnu.';
comment on column indicator.cell.n_responded is 'Of these, units that answered.';
comment on column indicator.cell.n_base is 'Of these, units the figure is about (all, or those that meet the indicator''s condition); for scope and response, n_scope.';
comment on column indicator.cell.n_item is 'Of these, units that answered the item: the base of total, mean, median, share and ratio alike.';
comment on column indicator.cell.n_corrected is 'Of these, units of which an answer in the figure was corrected or confirmed by a correspondent.';
comment on column indicator.cell.n_managers is 'Distinct managing bodies among n_item; 3 stands for three or more.';
comment on column indicator.cell.numerator is 'Sum, or number of units that count.';
comment on column indicator.cell.denominator is 'What the numerator is divided by; null for a count, a total and a median.';
comment on column indicator.cell.value is 'The figure, in the indicator''s unit; null where nobody answered.';
comment on column indicator.cell.confidential is 'A primary disclosure rule hides it: fewer than 3 units or 3 managers, or one over 85 % of the sum. Complementary suppression comes with publication.';

create table indicator.panel_part (
    collection         text not null,
    data_year          smallint not null,
    territory          text not null,
    departement        text not null,
    indicator          text not null,
    population         text not null,
    n_panel            integer not null,
    managers           bigint[] not null check (cardinality(managers) <= 3),
    numerator_before   numeric not null,
    denominator_before numeric not null,
    numerator          numeric not null,
    denominator        numeric not null,
    largest_before     numeric not null,
    spread_before      numeric not null,
    largest            numeric not null,
    spread             numeric not null,
    numbers_before     numeric[],
    numbers            numeric[],
    primary key (collection, data_year, departement, territory, indicator, population)
) partition by list (data_year);
comment on table indicator.panel_part is 'What the units that answered an item in a data year and in the one before add to its evolution. Grain: one indicator × population × territory × département in one data year. Not for the public. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.panel_part.collection is 'Collection.';
comment on column indicator.panel_part.data_year is 'The later year.';
comment on column indicator.panel_part.territory is 'Collection territory, in the later year.';
comment on column indicator.panel_part.departement is 'Insee code, in the later year.';
comment on column indicator.panel_part.indicator is 'Indicator.';
comment on column indicator.panel_part.population is 'Population, the same in both years.';
comment on column indicator.panel_part.n_panel is 'Units in the base of the figure that answered the item in both years.';
comment on column indicator.panel_part.managers is 'Hashes of their managing bodies in the later year, three at most.';
comment on column indicator.panel_part.numerator_before is 'Their sum in the year before.';
comment on column indicator.panel_part.denominator_before is 'What it is divided by.';
comment on column indicator.panel_part.numerator is 'Their sum in the later year.';
comment on column indicator.panel_part.denominator is 'What it is divided by.';
comment on column indicator.panel_part.largest_before is 'Largest amount of one unit in the year before.';
comment on column indicator.panel_part.spread_before is 'Sum of amounts in the year before, each without its sign.';
comment on column indicator.panel_part.largest is 'Largest amount of one unit in the later year.';
comment on column indicator.panel_part.spread is 'Sum of amounts in the later year, each without its sign.';
comment on column indicator.panel_part.numbers_before is 'For a median, every value of the year before, in order.';
comment on column indicator.panel_part.numbers is 'For a median, every value of the later year, in order.';

create table indicator.panel (
    collection   text not null,
    data_year    smallint not null,
    indicator    text not null,
    population   text not null,
    level        text not null check (level in ('departement', 'region', 'region_today', 'france', 'surveyed')),
    area         text not null,
    n_panel      integer not null,
    value_before numeric,
    value        numeric,
    confidential boolean not null,
    primary key (collection, data_year, level, area, indicator, population)
) partition by list (data_year);
comment on table indicator.panel is 'Evolution à champ constant: the same units in two years. Grain: one indicator × population × area in one data year, against the one before. Areas are those of the later year. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.panel.collection is 'Collection.';
comment on column indicator.panel.data_year is 'The later year.';
comment on column indicator.panel.indicator is 'Indicator.';
comment on column indicator.panel.population is 'Population, the same in both years.';
comment on column indicator.panel.level is 'As in indicator.cell.';
comment on column indicator.panel.area is 'As in indicator.cell.';
comment on column indicator.panel.n_panel is 'Units in the base of the figure that answered the item in both years: the base of both values.';
comment on column indicator.panel.value_before is 'The figure of these units in the year before.';
comment on column indicator.panel.value is 'The figure of these units in the data year.';
comment on column indicator.panel.confidential is 'Fewer than 3 units or 3 managers, or one over 85 % of the sum in either year.';

create table indicator.basis (
    collection    text not null,
    data_year     smallint not null,
    territory     text not null,
    inputs        text not null,
    former_inputs text not null,
    method        text not null,
    departements  text[] not null,
    primary key (collection, data_year, territory)
);
comment on table indicator.basis is 'What each territory''s share of the figures was computed from: where it would be another, a refresh computes it again. Grain: one territory in one data year.';
comment on column indicator.basis.collection is 'Collection.';
comment on column indicator.basis.data_year is 'Year of the activity described.';
comment on column indicator.basis.territory is 'Collection territory.';
comment on column indicator.basis.inputs is 'Fingerprint of what is loaded of it.';
comment on column indicator.basis.former_inputs is 'Fingerprints of what was loaded of its départements for the year before: evolution and imputation rest on them as well.';
comment on column indicator.basis.method is 'Hash of the codebook and of the statements that compute.';
comment on column indicator.basis.departements is 'Départements that it has parts of.';

create table indicator.change (
    change_no     bigint generated always as identity primary key,
    at            timestamptz not null default clock_timestamp(),
    collection    text not null,
    data_year     smallint not null,
    indicator     text not null,
    population    text not null,
    level         text not null,
    area          text not null,
    breakdown     text not null,
    category      text not null,
    reasons       text[] not null
        check (cardinality(reasons) > 0 and reasons <@ array['correction', 'late_reply', 'method', 'perimeter']),
    value_before  numeric,
    value_after   numeric,
    n_scope_before     integer,
    n_scope_after      integer,
    n_responded_before integer,
    n_responded_after  integer,
    n_item_before      integer,
    n_item_after       integer
);
create index change_of_cell on indicator.change (collection, data_year, level, area, indicator);
comment on table indicator.change is 'Every change of a figure that was there before, added and never changed. Grain: one cell at one refresh. A record of what happened: not derived from what is loaded.';
comment on column indicator.change.change_no is 'Order of the changes.';
comment on column indicator.change.at is 'When the refresh found it.';
comment on column indicator.change.collection is 'Collection.';
comment on column indicator.change.data_year is 'Year of the activity described.';
comment on column indicator.change.indicator is 'Indicator.';
comment on column indicator.change.population is 'Population.';
comment on column indicator.change.level is 'Level.';
comment on column indicator.change.area is 'Area.';
comment on column indicator.change.breakdown is 'Breakdown.';
comment on column indicator.change.category is 'Category.';
comment on column indicator.change.reasons is 'perimeter: other units in scope; late_reply: more or fewer units responded or answered the item; correction: other answers of the same units, or more answers corrected or confirmed; method: codebook or statements changed. Several where several hold.';
comment on column indicator.change.value_before is 'Value that was shown; null where nobody had answered.';
comment on column indicator.change.value_after is 'Value now; null where nobody answered or the cell is gone.';
comment on column indicator.change.n_scope_before is 'Units of the perimeter before.';
comment on column indicator.change.n_scope_after is 'Units of the perimeter now; null where the cell is gone.';
comment on column indicator.change.n_responded_before is 'Units that responded before.';
comment on column indicator.change.n_responded_after is 'Units that responded now; null where the cell is gone.';
comment on column indicator.change.n_item_before is 'Units that had answered the item.';
comment on column indicator.change.n_item_after is 'Units that answered the item now; null where the cell is gone.';

create function indicator.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'indicator.change: lines are never changed';
end $$;
comment on function indicator.refuse_change() is 'Trigger: refuses the statement.';
revoke execute on function indicator.refuse_change() from public;
create trigger change_is_kept before update or delete or truncate on indicator.change
    for each statement execute function indicator.refuse_change();

create or replace function department.open_year(data_year integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    whole text;
    part text;
    made boolean := false;
begin
    foreach whole in array array['department.record', 'department.answer', 'national.unit', 'national.observation',
                                 'indicator.part', 'indicator.region_part', 'indicator.cell', 'indicator.panel_part',
                                 'indicator.panel'] loop
        part := format('%s_%s', whole, data_year);
        if to_regclass(part) is null then
            -- Made apart and then attached: readers of the whole are not held up.
            execute format('create table %s (like %s including all)', part, whole);
            execute format('comment on table %s is %L', part,
                           format('Part of %s: data year %s. To be read through the whole.', whole, data_year));
            execute format('alter table %s attach partition %s for values in (%s)', whole, part, data_year);
            made := true;
        end if;
    end loop;
    if made then
        call access.keep_out_of_statistics();
    end if;
end $$;
comment on function department.open_year(integer) is 'Makes the parts of layers and figures that hold a data year, where they are not there; with the owner''s rights.';
do $$
declare
    year integer;
begin
    for year in select distinct data_year from reference.campaign_departement
                union select distinct data_year from department.delivery order by 1 loop
        perform department.open_year(year);
    end loop;
end $$;

-- What all may read: as before, without breakdowns, EPCI and regions of another time: those that a reader could
-- subtract from each other are for the house until publication protects them.
create view indicator.figure as
select c.collection, k.label as collection_label, k.simulated, c.data_year, c.indicator,
       i.position, i.theme_label, i.label, i.statistic, i.unit, i.decimals, i.headline, i.note,
       c.population, c.level, c.area,
       case c.level when 'france' then 'France'
                    when 'surveyed' then 'Territoires enquêtés'
                    when 'departement' then coalesce(d.name, 'Département non renseigné')
                    else coalesce(r.name, 'Région non renseignée') end as area_label,
       c.n_scope, c.n_responded,
       case when c.confidential then null else c.n_base end as n_base,
       case when c.confidential then null else c.n_item end as n_item,
       case when c.confidential then null else c.value end as value,
       c.confidential
  from indicator.cell c
  join codebook.collection k using (collection)
  join codebook.indicator i using (collection, indicator)
  left join reference.departement d on c.level = 'departement' and d.code = c.area
  left join reference.region r on c.level = 'region' and r.code = c.area
       and r.valid_from <= make_date(c.data_year, 12, 31)
       and coalesce(r.valid_to, 'infinity') >= make_date(c.data_year, 12, 31)
 where c.breakdown = 'all' and c.level in ('departement', 'region', 'france', 'surveyed')
   and c.population is distinct from k.pooled_population;
comment on view indicator.figure is 'The public face of indicator.cell: labels, bases, nothing confidential. It answers with its owner''s rights, so that who may read it need not read the cells. Simulated where the column says so.';
comment on column indicator.figure.collection is 'Collection.';
comment on column indicator.figure.collection_label is 'French label of the collection.';
comment on column indicator.figure.simulated is 'True: invented answers on invented names; say so wherever shown.';
comment on column indicator.figure.data_year is 'Year of the activity described.';
comment on column indicator.figure.indicator is 'Indicator of the codebook.';
comment on column indicator.figure.position is 'Order of presentation.';
comment on column indicator.figure.theme_label is 'Theme, in French.';
comment on column indicator.figure.label is 'Label of the figure, in French.';
comment on column indicator.figure.statistic is 'scope, count, response, total, mean, median, share, ratio.';
comment on column indicator.figure.unit is 'Unit; share means 0 to 1.';
comment on column indicator.figure.decimals is 'Decimals shown.';
comment on column indicator.figure.headline is 'Shown first.';
comment on column indicator.figure.note is 'What a reader must know.';
comment on column indicator.figure.population is 'CS, EVS, POSTE.';
comment on column indicator.figure.level is 'departement, region, france, surveyed.';
comment on column indicator.figure.area is 'Code of the area.';
comment on column indicator.figure.area_label is 'French name of the area.';
comment on column indicator.figure.n_scope is 'Units of the perimeter.';
comment on column indicator.figure.n_responded is 'Units that answered.';
comment on column indicator.figure.n_base is 'Units the figure is about; null if confidential.';
comment on column indicator.figure.n_item is 'Units that answered the item; null if confidential.';
comment on column indicator.figure.value is 'The figure; null if confidential or nobody answered.';
comment on column indicator.figure.confidential is 'Hidden by a primary disclosure rule.';
grant select on indicator.figure to senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_public;

-- The flows write figures; the national team reads them all.
grant select, insert, update, delete on codebook.breakdown, codebook.category, codebook.indicator_year to senacs_etl;
grant select on codebook.breakdown, codebook.category, codebook.indicator_year
    to senacs_correspondent, senacs_national_analyst, senacs_public;
grant select, insert, delete on indicator.part, indicator.region_part, indicator.cell, indicator.panel_part, indicator.panel to senacs_etl;
grant select, insert, update, delete on indicator.basis to senacs_etl;
grant select, insert on indicator.change to senacs_etl;
grant select on indicator.part, indicator.region_part, indicator.cell, indicator.panel_part, indicator.panel, indicator.basis,
    indicator.change to senacs_national_analyst;

-- Shares of territories are for who reads all of them.
alter table indicator.part enable row level security;
alter table indicator.panel_part enable row level security;
alter table indicator.basis enable row level security;
do $$
declare
    relation regclass;
begin
    foreach relation in array array['indicator.part', 'indicator.panel_part', 'indicator.basis']::regclass[] loop
        execute format('create policy all_territories on %s for select to senacs_national_analyst using (true)', relation);
        execute format('comment on policy all_territories on %s is ''The national team reads all.''', relation);
    end loop;
end $$;
call access.keep_out_of_statistics();

-- A refresh works in tables of its own transaction.
do $$
begin
    execute format('grant temporary on database %I to senacs_etl', current_database());
exception when insufficient_privilege then
    raise warning 'the database is another role''s: its owner has to grant temporary on it to senacs_etl';
end $$;

-- A figure's names are kept once: parts and cells hold a number in their place. Texts were most of what they took on disk,
-- and most of what grouping, comparing and indexing them cost (measured on 393,000 parts of a national year).

create table indicator.series (
    series     bigint primary key,
    collection text not null,
    indicator  text not null,
    population text not null,
    breakdown  text not null,
    category   text not null,
    unique (collection, indicator, population, breakdown, category)
);
comment on table indicator.series is 'What a figure is of, whatever the area and the year. Grain: one indicator × population × category of a breakdown. Added to, never changed.';
comment on column indicator.series.series is 'Hash of the names, so that it is the same in every warehouse: indicator.series_of.';
comment on column indicator.series.collection is 'Collection.';
comment on column indicator.series.indicator is 'Indicator of the codebook.';
comment on column indicator.series.population is 'CS, EVS, POSTE; codebook.collection.pooled_population for all of them together.';
comment on column indicator.series.breakdown is 'all, or a breakdown of the codebook.';
comment on column indicator.series.category is 'all; a category of the breakdown, or inconnu.';

create function indicator.series_of(collection text, indicator text, population text, breakdown text, category text)
returns bigint language sql immutable strict parallel safe
return hashtextextended(collection || '/' || indicator || '/' || population || '/' || breakdown || '/' || category, 0);
comment on function indicator.series_of(text, text, text, text, text) is 'The number of a series. That no two have one is held by the keys of indicator.series.';
revoke execute on function indicator.series_of(text, text, text, text, text) from public;
grant execute on function indicator.series_of(text, text, text, text, text) to senacs_etl, senacs_national_analyst;

-- Derived, so made anew by the next refresh: all are of another method.
drop view indicator.lineage, indicator.detail, indicator.figure;
drop table indicator.part, indicator.region_part, indicator.cell;
update indicator.basis set method = '';

create table indicator.part (
    collection    text not null,
    data_year     smallint not null,
    territory     text not null,
    departement   text not null,
    epci          text not null,
    series        bigint not null,
    n_scope       integer not null,
    n_responded   integer not null,
    n_base        integer not null,
    n_item        integer not null,
    n_corrected   integer not null,
    n_managers    smallint not null check (n_managers between 0 and 3),
    first_manager bigint,
    last_manager  bigint,
    numerator     numeric,
    denominator   numeric,
    largest       numeric,
    spread        numeric,
    numbers       numeric[],
    primary key (collection, data_year, departement, territory, epci, series)
) partition by list (data_year);
create index part_of_epci on indicator.part (collection, epci) where epci <> '';
comment on table indicator.part is 'What the units of one territory''s département, or of one EPCI of it, add to each figure: sums, not figures. Grain: one series × EPCI or none × territory × département in one data year. Not for the public: no disclosure control. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.part.collection is 'Collection.';
comment on column indicator.part.data_year is 'Year of the activity described.';
comment on column indicator.part.territory is 'Collection territory.';
comment on column indicator.part.departement is 'Insee code; ZZ where none is known.';
comment on column indicator.part.epci is 'SIREN of the EPCI that it is of; empty: of the département as a whole.';
comment on column indicator.part.series is 'Which figure: indicator.series.';
comment on column indicator.part.n_scope is 'Units of the perimeter.';
comment on column indicator.part.n_responded is 'Of these, units that responded.';
comment on column indicator.part.n_base is 'Of these, units the figure is about.';
comment on column indicator.part.n_item is 'Of these, units that answered the item.';
comment on column indicator.part.n_corrected is 'Of these, units of which an answer in the figure was corrected or confirmed by a correspondent.';
comment on column indicator.part.n_managers is 'Distinct managing bodies of n_item; 3 stands for three or more.';
comment on column indicator.part.first_manager is 'Least hash of a managing body of n_item: with the greatest, enough to know whether several parts have three.';
comment on column indicator.part.last_manager is 'Greatest hash of a managing body of n_item.';
comment on column indicator.part.numerator is 'Sum, or number of units that count; null for a count.';
comment on column indicator.part.denominator is 'Sum of what the numerator is divided by; null for a count.';
comment on column indicator.part.largest is 'Largest amount of one unit.';
comment on column indicator.part.spread is 'Sum of amounts, each without its sign.';
comment on column indicator.part.numbers is 'Every value, in order, for a median; null for the others.';

create table indicator.region_part (
    collection    text not null,
    data_year     smallint not null,
    region        text not null,
    series        bigint not null,
    n_scope       integer not null,
    n_responded   integer not null,
    n_base        integer not null,
    n_item        integer not null,
    n_corrected   integer not null,
    n_managers    smallint not null check (n_managers between 0 and 3),
    first_manager bigint,
    last_manager  bigint,
    numerator     numeric,
    denominator   numeric,
    largest       numeric,
    spread        numeric,
    numbers       numeric[],
    primary key (collection, data_year, region, series)
) partition by list (data_year);
comment on table indicator.region_part is 'The parts of a region''s départements added up, whether all of them are loaded or not, so that the whole need not be summed from départements. Grain: one series × region of the time in one data year. Not for the public: no disclosure control. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.region_part.collection is 'Collection.';
comment on column indicator.region_part.data_year is 'Year of the activity described.';
comment on column indicator.region_part.region is 'Insee code of the region in the data year; ZZ for what lies in none.';
comment on column indicator.region_part.series is 'Which figure: indicator.series.';
comment on column indicator.region_part.n_scope is 'Units of the perimeter.';
comment on column indicator.region_part.n_responded is 'Of these, units that responded.';
comment on column indicator.region_part.n_base is 'Of these, units the figure is about.';
comment on column indicator.region_part.n_item is 'Of these, units that answered the item.';
comment on column indicator.region_part.n_corrected is 'Of these, units of which an answer in the figure was corrected or confirmed by a correspondent.';
comment on column indicator.region_part.n_managers is 'Distinct managing bodies of n_item; 3 stands for three or more.';
comment on column indicator.region_part.first_manager is 'Least hash of a managing body of n_item: with the greatest, enough to know whether several parts have three.';
comment on column indicator.region_part.last_manager is 'Greatest hash of a managing body of n_item.';
comment on column indicator.region_part.numerator is 'Sum, or number of units that count; null for a count.';
comment on column indicator.region_part.denominator is 'Sum of what the numerator is divided by; null for a count.';
comment on column indicator.region_part.largest is 'Largest amount of one unit.';
comment on column indicator.region_part.spread is 'Sum of amounts, each without its sign.';
comment on column indicator.region_part.numbers is 'Every value, in order, for a median; null for the others.';

create table indicator.stored_cell (
    collection   text not null,
    data_year    smallint not null,
    level        text not null check (level in ('epci', 'departement', 'region', 'region_today', 'france', 'surveyed')),
    area         text not null,
    series       bigint not null,
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
    primary key (collection, data_year, level, area, series)
) partition by list (data_year);
comment on table indicator.stored_cell is 'Figures with what they rest on, as they are kept: read them through indicator.cell, which has the names. Grain: one series × area in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.stored_cell.collection is 'Collection.';
comment on column indicator.stored_cell.data_year is 'Year of the activity described.';
comment on column indicator.stored_cell.level is 'epci; departement; region (in force in the data year) and france only when every département of it is loaded; region_today likewise, where the regions of the data year are not those of now; surveyed: the territories of a partial collection, never to be called France.';
comment on column indicator.stored_cell.area is 'SIREN of the EPCI, Insee code of the area, FR for france, * for surveyed, ZZ for units without a known département.';
comment on column indicator.stored_cell.series is 'Which figure: indicator.series.';
comment on column indicator.stored_cell.n_scope is 'Units of the perimeter. By a breakdown that units declare themselves, those that did not respond are inconnu.';
comment on column indicator.stored_cell.n_responded is 'Of these, units that answered.';
comment on column indicator.stored_cell.n_base is 'Of these, units the figure is about (all, or those that meet the indicator''s condition); for scope and response, n_scope.';
comment on column indicator.stored_cell.n_item is 'Of these, units that answered the item: the base of total, mean, median, share and ratio alike.';
comment on column indicator.stored_cell.n_corrected is 'Of these, units of which an answer in the figure was corrected or confirmed by a correspondent.';
comment on column indicator.stored_cell.n_managers is 'Distinct managing bodies among n_item; 3 stands for three or more.';
comment on column indicator.stored_cell.numerator is 'Sum, or number of units that count.';
comment on column indicator.stored_cell.denominator is 'What the numerator is divided by; null for a count, a total and a median.';
comment on column indicator.stored_cell.value is 'The figure, in the indicator''s unit; null where nobody answered.';
comment on column indicator.stored_cell.confidential is 'A primary disclosure rule hides it: fewer than 3 units or 3 managers, or one over 85 % of the sum. Complementary suppression comes with publication.';

create view indicator.cell with (security_invoker = true) as
select c.collection, c.data_year, s.indicator, s.population, c.level, c.area, s.breakdown, s.category, c.n_scope, c.n_responded,
       c.n_base, c.n_item, c.n_corrected, c.n_managers, c.numerator, c.denominator, c.value, c.confidential
  from indicator.stored_cell c
  join indicator.series s using (series);
comment on view indicator.cell is 'Figures with what they rest on. Grain: one indicator × population × area × category of a breakdown in one data year. Unweighted sums of respondents. Simulated wherever codebook.collection.simulated says so.';
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

create or replace function department.open_year(data_year integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    whole text;
    part text;
    made boolean := false;
begin
    foreach whole in array array['department.record', 'department.answer', 'national.unit', 'national.observation',
                                 'national.imputed', 'indicator.part', 'indicator.region_part', 'indicator.stored_cell',
                                 'indicator.panel_part', 'indicator.panel', 'indicator.estimate_part',
                                 'indicator.estimate'] loop
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
do $$
declare
    year integer;
begin
    for year in select distinct data_year from reference.campaign_departement
                union select distinct data_year from department.delivery order by 1 loop
        perform department.open_year(year);
    end loop;
end $$;


-- What all may read, as it was: without breakdowns, EPCI and regions of another time, which a reader could subtract from
-- each other. It reads what is kept, not indicator.cell, which asks with the reader's rights.
create view indicator.figure as
select c.collection, k.label as collection_label, k.simulated, c.data_year, s.indicator,
       i.position, i.theme_label, i.label, i.statistic, i.unit, i.decimals, i.headline, i.note,
       s.population, c.level, c.area,
       case c.level when 'france' then 'France'
                    when 'surveyed' then 'Territoires enquêtés'
                    when 'departement' then coalesce(d.name, 'Département non renseigné')
                    else coalesce(r.name, 'Région non renseignée') end as area_label,
       c.n_scope, c.n_responded,
       case when c.confidential then null else c.n_base end as n_base,
       case when c.confidential then null else c.n_item end as n_item,
       case when c.confidential then null else c.value end as value,
       c.confidential
  from indicator.stored_cell c
  join indicator.series s on s.series = c.series
  join codebook.collection k on k.collection = c.collection
  join codebook.indicator i on i.collection = s.collection and i.indicator = s.indicator
  left join reference.departement d on c.level = 'departement' and d.code = c.area
  left join reference.region r on c.level = 'region' and r.code = c.area
       and r.valid_from <= make_date(c.data_year, 12, 31)
       and coalesce(r.valid_to, 'infinity') >= make_date(c.data_year, 12, 31)
 where s.breakdown = 'all' and c.level in ('departement', 'region', 'france', 'surveyed')
   and s.population is distinct from k.pooled_population;
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

create view indicator.detail with (security_invoker = true) as
select c.collection, k.label as collection_label, k.simulated, c.data_year, c.indicator, i.position, i.theme_label,
       i.label, i.statistic, i.unit, i.decimals, i.headline, i.note, c.population, c.level, c.area,
       case c.level when 'france' then 'France'
                    when 'surveyed' then 'Territoires enquêtés'
                    when 'departement' then coalesce(d.name, 'Département non renseigné')
                    when 'epci' then coalesce(e.name, c.area)
                    else coalesce(r.name, 'Région non renseignée') end as area_label,
       c.breakdown, coalesce(b.label, '') as breakdown_label, c.category,
       case when c.category = 'inconnu' then 'Non renseigné' else coalesce(g.label, '') end as category_label,
       y.comparability, y.note as comparability_note,
       case when c.confidential then 'confidential'
            when c.n_base = 0 then 'no base'
            when c.value is null then 'no answer'
            else 'value' end as status,
       c.n_scope, c.n_responded, c.n_base, c.n_item, c.n_corrected, c.n_managers, c.value,
       s.value as estimate, s.low as estimate_low, s.high as estimate_high, s.share_imputed, s.share_covered,
       p.n_panel, p.value_before as panel_before, p.value as panel_value, p.confidential as panel_confidential,
       h.at as changed_at, h.reasons as changed_why, h.value_before as changed_from
  from indicator.cell c
  join codebook.collection k using (collection)
  join codebook.indicator i using (collection, indicator)
  left join codebook.indicator_year y using (collection, indicator, data_year)
  left join codebook.breakdown b using (collection, breakdown)
  left join codebook.category g using (collection, breakdown, category)
  left join reference.departement d on c.level = 'departement' and d.code = c.area
  left join reference.epci e on c.level = 'epci' and e.siren = c.area and e.years @> c.data_year::integer
  left join reference.region r
         on c.level in ('region', 'region_today') and r.code = c.area
        and case c.level when 'region' then make_date(c.data_year, 12, 31) else 'infinity'::date end
            between r.valid_from and coalesce(r.valid_to, 'infinity')
  left join indicator.estimate s
         on c.breakdown = 'all' and s.collection = c.collection and s.data_year = c.data_year and s.level = c.level
        and s.area = c.area and s.indicator = c.indicator and s.population = c.population
  left join indicator.panel p
         on c.breakdown = 'all' and p.collection = c.collection and p.data_year = c.data_year and p.level = c.level
        and p.area = c.area and p.indicator = c.indicator and p.population = c.population
  left join lateral (
        select x.at, x.reasons, x.value_before
          from indicator.change x
         where x.collection = c.collection and x.data_year = c.data_year and x.level = c.level and x.area = c.area
           and x.indicator = c.indicator and x.population = c.population and x.breakdown = c.breakdown
           and x.category = c.category
         order by x.change_no desc limit 1) h on true;
comment on view indicator.detail is 'All about a figure, for the house: no disclosure control but the mark. Grain: that of indicator.cell. Simulated where the column says so.';
comment on column indicator.detail.collection is 'Collection.';
comment on column indicator.detail.collection_label is 'French label of the collection.';
comment on column indicator.detail.simulated is 'True: invented answers on invented names; say so wherever shown.';
comment on column indicator.detail.data_year is 'Year of the activity described.';
comment on column indicator.detail.indicator is 'Indicator of the codebook.';
comment on column indicator.detail.position is 'Order of presentation.';
comment on column indicator.detail.theme_label is 'Theme, in French.';
comment on column indicator.detail.label is 'Label of the figure, in French.';
comment on column indicator.detail.statistic is 'scope, count, response, total, mean, median, share, ratio.';
comment on column indicator.detail.unit is 'Unit; share means 0 to 1.';
comment on column indicator.detail.decimals is 'Decimals shown.';
comment on column indicator.detail.headline is 'Shown first.';
comment on column indicator.detail.note is 'What a reader must know.';
comment on column indicator.detail.population is 'CS, EVS, POSTE; AVS for all together, counts and totals only.';
comment on column indicator.detail.level is 'epci, departement, region, region_today (where the regions of the year are not those of now), france, surveyed.';
comment on column indicator.detail.area is 'Code of the area.';
comment on column indicator.detail.area_label is 'French name of the area.';
comment on column indicator.detail.breakdown is 'all, or what it is broken down by.';
comment on column indicator.detail.breakdown_label is 'In French; empty for all.';
comment on column indicator.detail.category is 'all, or a category; inconnu where it is not known.';
comment on column indicator.detail.category_label is 'In French; empty for all.';
comment on column indicator.detail.comparability is 'With the last year before that has the figure: first, same, recoded or break.';
comment on column indicator.detail.comparability_note is 'What changed, in French.';
comment on column indicator.detail.status is 'value; confidential (a primary disclosure rule hides it); no answer (units in the base, none answered); no base (nobody is concerned).';
comment on column indicator.detail.n_scope is 'Units of the perimeter.';
comment on column indicator.detail.n_responded is 'Units that responded.';
comment on column indicator.detail.n_base is 'Units the figure is about.';
comment on column indicator.detail.n_item is 'Units that answered the item.';
comment on column indicator.detail.n_corrected is 'Of these, units of which an answer was corrected or confirmed by a correspondent.';
comment on column indicator.detail.n_managers is 'Managing bodies among n_item; 3 stands for three or more.';
comment on column indicator.detail.value is 'The figure: sums of respondents, unweighted.';
comment on column indicator.detail.estimate is 'Estimate for all units in scope (docs/estimates.md); null by breakdown and EPCI.';
comment on column indicator.detail.estimate_low is 'Lower end of its 95 % interval.';
comment on column indicator.detail.estimate_high is 'Upper end of its 95 % interval.';
comment on column indicator.detail.share_imputed is 'Share of the estimate that rests on imputed items, 0 to 1.';
comment on column indicator.detail.share_covered is 'Share of the units in scope that the estimate is made from, 0 to 1.';
comment on column indicator.detail.n_panel is 'Units in the base that answered the item in this year and the one before.';
comment on column indicator.detail.panel_before is 'Their figure in the year before.';
comment on column indicator.detail.panel_value is 'Their figure in this year.';
comment on column indicator.detail.panel_confidential is 'A primary disclosure rule hides the evolution.';
comment on column indicator.detail.changed_at is 'When the figure last changed; null where it never did since it was first computed.';
comment on column indicator.detail.changed_why is 'Why: correction, late_reply, method, perimeter.';
comment on column indicator.detail.changed_from is 'What it was before.';

create view indicator.lineage with (security_invoker = true) as
with of_area as (
    select b.collection, b.data_year, b.territory, a.level, a.area
      from indicator.basis b
     cross join unnest(b.departements) u (departement)
      left join reference.departement_region g
             on g.departement = u.departement and g.period @> reference.geography_date(b.data_year)
      left join reference.departement_region n on n.departement = u.departement and n.valid_to is null
     cross join lateral (values ('departement', u.departement), ('region', coalesce(g.region, 'ZZ')),
                                ('region_today', coalesce(n.region, 'ZZ')), ('france', 'FR'), ('surveyed', '*'))
                                as a (level, area)
)
select distinct o.collection, o.data_year, o.level, o.area, o.territory, d.sha256, r.run_id, c.file_name, r.finished_at,
       d.codebook_version, d.fingerprint, d.records, d.answers
  from of_area o
  join department.delivery d using (collection, data_year, territory)
  left join lateral (
        select x.run_id, x.finished_at, x.sha256
          from intake.run x
         where x.collection = d.collection and x.data_year = d.data_year and x.territory = d.territory
           and x.outcome = 'loaded' and x.fingerprint = d.fingerprint
         order by x.started_at desc limit 1) r on true
  left join lateral (
        select y.file_name
          from intake.receipt y
         where y.collection = d.collection and y.data_year = d.data_year and y.territory = d.territory
           and y.sha256 = d.sha256
         order by y.received_at desc limit 1) c on true
 where exists (select from indicator.cell f
                where f.collection = o.collection and f.data_year = o.data_year and f.level = o.level and f.area = o.area);
comment on view indicator.lineage is 'What the figures of an area were made from: files, runs, codebook. Grain: one territory of one area in one data year. For an EPCI, see those of its départements.';
comment on column indicator.lineage.collection is 'Collection.';
comment on column indicator.lineage.data_year is 'Year of the activity described.';
comment on column indicator.lineage.level is 'Level of the area.';
comment on column indicator.lineage.area is 'Code of the area.';
comment on column indicator.lineage.territory is 'Collection territory with units in the area.';
comment on column indicator.lineage.sha256 is 'Export that is loaded of it: its name in the archive.';
comment on column indicator.lineage.run_id is 'Run that loaded it.';
comment on column indicator.lineage.file_name is 'Name under which the export last came.';
comment on column indicator.lineage.finished_at is 'When that run ended.';
comment on column indicator.lineage.codebook_version is 'Version of the codebook it was read with.';
comment on column indicator.lineage.fingerprint is 'Hash of all that the loaded state depends on.';
comment on column indicator.lineage.records is 'Records loaded.';
comment on column indicator.lineage.answers is 'Answers loaded, of any status.';

grant select on indicator.detail, indicator.lineage to senacs_etl, senacs_national_analyst;

grant select, insert on indicator.series to senacs_etl;
grant select, insert, delete on indicator.part, indicator.region_part, indicator.stored_cell to senacs_etl;
grant select on indicator.cell to senacs_etl;
grant select on indicator.series, indicator.part, indicator.region_part, indicator.stored_cell, indicator.cell to senacs_national_analyst;
alter table indicator.part enable row level security;
create policy all_territories on indicator.part for select to senacs_national_analyst using (true);
comment on policy all_territories on indicator.part is 'The national team reads all.';
call access.keep_out_of_statistics();

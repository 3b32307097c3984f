-- The indicator tables: ordinary tables replaced by key, with a materialised view as their public face.

create schema indicator;
comment on schema indicator is 'Materialised indicators with their base.';

create table indicator.cell (
    collection   text not null,
    data_year    smallint not null,
    indicator    text not null,
    population   text not null,
    level        text not null check (level in ('departement', 'region', 'france', 'surveyed')),
    area         text not null,
    n_scope      integer not null,
    n_responded  integer not null,
    n_base       integer not null,
    n_item       integer not null,
    n_managers   integer not null,
    numerator    numeric,
    denominator  numeric,
    value        numeric,
    confidential boolean not null,
    primary key (collection, data_year, indicator, population, level, area)
);
create index cell_area on indicator.cell (collection, level, area, data_year);
comment on table indicator.cell is 'Figures with what they rest on. Grain: one indicator × population × area in one data year. Unweighted sums of respondents. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.cell.collection is 'Collection.';
comment on column indicator.cell.data_year is 'Year of the activity described.';
comment on column indicator.cell.indicator is 'Indicator of the codebook.';
comment on column indicator.cell.population is 'CS, EVS, POSTE.';
comment on column indicator.cell.level is 'departement; region (in force in the data year) and france only when every département of it is loaded; surveyed: the territories of a partial collection, never to be called France.';
comment on column indicator.cell.area is 'Insee code of the area, FR for france, * for surveyed, ZZ for units without a known département.';
comment on column indicator.cell.n_scope is 'Units of the perimeter.';
comment on column indicator.cell.n_responded is 'Of these, units that answered.';
comment on column indicator.cell.n_base is 'Of these, units the figure is about (all, or those that meet the indicator''s condition).';
comment on column indicator.cell.n_item is 'Of these, units that answered the item: the base of total, mean, median, share and ratio alike.';
comment on column indicator.cell.n_managers is 'Distinct managing bodies among n_item.';
comment on column indicator.cell.numerator is 'Sum, or number of units that count.';
comment on column indicator.cell.denominator is 'What the numerator is divided by; null for a count, a total and a median.';
comment on column indicator.cell.value is 'The figure, in the indicator''s unit; null where nobody answered.';
comment on column indicator.cell.confidential is 'A primary disclosure rule hides it: fewer than 3 units or 3 managers, or one over 85 % of the sum. Complementary suppression comes with publication.';

create materialized view indicator.figure as
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
       and coalesce(r.valid_to, 'infinity') >= make_date(c.data_year, 12, 31);
create unique index figure_key on indicator.figure
    (collection, data_year, indicator, population, level, area);
comment on materialized view indicator.figure is 'The public face of indicator.cell: labels, bases, nothing confidential. Refreshed concurrently after each refresh of cells. Simulated where the column says so.';
comment on column indicator.figure.collection is 'Collection.';
comment on column indicator.figure.collection_label is 'French label of the collection.';
comment on column indicator.figure.simulated is 'True: invented answers on invented names; say so wherever shown.';
comment on column indicator.figure.data_year is 'Year of the activity described.';
comment on column indicator.figure.indicator is 'Indicator of the codebook.';
comment on column indicator.figure.position is 'Order of presentation.';
comment on column indicator.figure.theme_label is 'Theme, in French.';
comment on column indicator.figure.label is 'Label of the figure, in French.';
comment on column indicator.figure.statistic is 'count, total, mean, median, share, ratio.';
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

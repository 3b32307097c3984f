-- Estimates for all units in scope, beside the sums of those that responded: docs/estimates.md says how.

-- The two written rules that are asked in several places.

create function indicator.too_few(of_units bigint, answered bigint) returns boolean
language sql immutable parallel safe
return answered < of_units and (answered < 3 or 3 * answered < of_units);
comment on function indicator.too_few(bigint, bigint) is 'Whether too few of some units answered to stand for the others: not all, and fewer than 3 or less than a third. Our choice: below 3 a figure is not shown either, and above a weight of 3 one unit counts for too much.';

create function indicator.student(degrees bigint) returns numeric
language sql immutable parallel safe
return case
    when degrees < 1 then null
    when degrees <= 30 then (array[12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004,
        2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024,
        2.085963, 2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230,
        2.042272])[degrees]
    else round(1.959964 + (2.372272 + (2.822499 + 2.555850 / degrees) / degrees) / degrees, 6)
end;
comment on function indicator.student(bigint) is 'How many standard errors a 95 % interval reaches each way: the 97.5 % point of Student''s t. To 30 degrees of freedom from the table, above by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5). Null below one degree.';
revoke execute on function indicator.too_few(bigint, bigint), indicator.student(bigint) from public;
grant execute on function indicator.too_few(bigint, bigint), indicator.student(bigint)
    to senacs_etl, senacs_national_analyst;

-- Which answer that is missing was put in the place of.

create table national.imputed (
    collection text not null,
    data_year  smallint not null,
    territory  text not null,
    unit_id    text not null,
    indicator  text not null,
    method     text not null check (method in ('last_year', 'stratum')),
    value      numeric,
    weight     numeric,
    primary key (collection, data_year, territory, unit_id, indicator),
    check ((method = 'last_year') = (value is not null and weight is not null))
) partition by list (data_year);
comment on table national.imputed is 'What respondents left out and an estimate puts in its place; no figure of indicator.cell holds it. Grain: one unit × indicator in one data year. A line is the status `imputed` of that item. Simulated wherever codebook.collection.simulated says so.';
comment on column national.imputed.collection is 'Collection.';
comment on column national.imputed.data_year is 'Year of the activity described.';
comment on column national.imputed.territory is 'Collection territory.';
comment on column national.imputed.unit_id is 'Key of the unit.';
comment on column national.imputed.indicator is 'Indicator.';
comment on column national.imputed.method is 'last_year: its value of the year before, moved as those that answered in both years; stratum: counted like the mean of its stratum.';
comment on column national.imputed.value is 'What it counts for in the numerator; null by stratum.';
comment on column national.imputed.weight is 'What it counts for in the denominator; null by stratum.';

-- Estimates, in parts by data year like the figures.

create table indicator.estimate_part (
    collection          text not null,
    data_year           smallint not null,
    territory           text not null,
    departement         text not null,
    indicator           text not null,
    population          text not null,
    covered             boolean not null,
    n_scope             integer not null,
    n_responded         integer not null,
    n_item              integer not null,
    n_imputed           integer not null,
    n_last_year         integer not null check (n_last_year between 0 and n_imputed),
    numerator           numeric,
    denominator         numeric,
    imputed_numerator   numeric,
    imputed_denominator numeric,
    least               numeric,
    variance            numeric,
    covariance          numeric,
    denominator_variance numeric,
    n_open              integer not null,
    degrees             integer not null,
    primary key (collection, data_year, departement, territory, indicator, population)
) partition by list (data_year);
comment on table indicator.estimate_part is 'What one territory''s département adds to each estimate: sums over its strata. Grain: one indicator × population × territory × département in one data year. Not for the public: no disclosure control. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.estimate_part.collection is 'Collection.';
comment on column indicator.estimate_part.data_year is 'Year of the activity described.';
comment on column indicator.estimate_part.territory is 'Collection territory.';
comment on column indicator.estimate_part.departement is 'Insee code; ZZ where none is known.';
comment on column indicator.estimate_part.indicator is 'Indicator: count, total, mean, share or ratio.';
comment on column indicator.estimate_part.population is 'CS, EVS, POSTE.';
comment on column indicator.estimate_part.covered is 'Enough units answered for an estimate; else the areas that it is part of are estimated from their other parts.';
comment on column indicator.estimate_part.n_scope is 'Units of the perimeter.';
comment on column indicator.estimate_part.n_responded is 'Of these, units that responded.';
comment on column indicator.estimate_part.n_item is 'Of these, units in the base of the figure that answered the item.';
comment on column indicator.estimate_part.n_imputed is 'Respondents in the base that did not, and were imputed.';
comment on column indicator.estimate_part.n_last_year is 'Of these, by their value of the year before.';
comment on column indicator.estimate_part.numerator is 'Weighted sum, imputed amounts included; null where not covered, like all that follows.';
comment on column indicator.estimate_part.denominator is 'Weighted sum of what the numerator is divided by; for all but a ratio, units in the base.';
comment on column indicator.estimate_part.imputed_numerator is 'Of numerator, what imputed items add.';
comment on column indicator.estimate_part.imputed_denominator is 'Of denominator, what imputed items add.';
comment on column indicator.estimate_part.least is 'Smallest amount of one unit; null where nobody answered.';
comment on column indicator.estimate_part.variance is 'Estimated variance of numerator.';
comment on column indicator.estimate_part.covariance is 'Estimated covariance of numerator and denominator.';
comment on column indicator.estimate_part.denominator_variance is 'Estimated variance of denominator.';
comment on column indicator.estimate_part.n_open is 'Strata of which not every unit and item answered. 0: nothing is estimated.';
comment on column indicator.estimate_part.degrees is 'Degrees of freedom of the variance: units whose amount is known, less one for each open stratum.';

create table indicator.estimate (
    collection    text not null,
    data_year     smallint not null,
    indicator     text not null,
    population    text not null,
    level         text not null check (level in ('departement', 'region', 'region_today', 'france', 'surveyed')),
    area          text not null,
    n_scope       integer not null,
    n_responded   integer not null,
    n_item        integer not null,
    n_imputed     integer not null,
    n_last_year   integer not null,
    value         numeric,
    low           numeric,
    high          numeric check (high >= low),
    share_imputed numeric,
    share_covered numeric not null check (share_covered between 0 and 1),
    confidential  boolean not null,
    primary key (collection, data_year, level, area, indicator, population)
) partition by list (data_year);
comment on table indicator.estimate is 'Estimates for all units in scope, those that did not respond included, beside indicator.cell. Grain: one indicator × population × area in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column indicator.estimate.collection is 'Collection.';
comment on column indicator.estimate.data_year is 'Year of the activity described.';
comment on column indicator.estimate.indicator is 'Indicator: count, total, mean, share or ratio. What is counted of the register itself needs no estimate, a median has none.';
comment on column indicator.estimate.population is 'CS, EVS, POSTE; codebook.collection.pooled_population for all of them together.';
comment on column indicator.estimate.level is 'As in indicator.cell: surveyed is about the units of the territories asked, never about France.';
comment on column indicator.estimate.area is 'As in indicator.cell.';
comment on column indicator.estimate.n_scope is 'Units of the perimeter: what the estimate is about.';
comment on column indicator.estimate.n_responded is 'Of these, units that responded.';
comment on column indicator.estimate.n_item is 'Of these, units in the base of the figure that answered the item.';
comment on column indicator.estimate.n_imputed is 'Respondents in the base that did not, and were imputed.';
comment on column indicator.estimate.n_last_year is 'Of these, by their value of the year before.';
comment on column indicator.estimate.value is 'The estimate, in the indicator''s unit; null where no part is covered or nobody is in the base.';
comment on column indicator.estimate.low is 'Lower end of the 95 % interval; null where there is none: fewer than 3 answers, or less than 90 % covered.';
comment on column indicator.estimate.high is 'Upper end of the 95 % interval.';
comment on column indicator.estimate.share_imputed is 'Share of the numerator, for a share of the base, that comes from imputed items, 0 to 1. Units that did not respond are in n_scope less n_responded.';
comment on column indicator.estimate.share_covered is 'Share of n_scope in parts with enough answers, 0 to 1; the others are taken to be like these.';
comment on column indicator.estimate.confidential is 'As the cell: hidden by a primary disclosure rule.';

create or replace function department.open_year(data_year integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    whole text;
    part text;
    made boolean := false;
begin
    foreach whole in array array['department.record', 'department.answer', 'national.unit', 'national.observation',
                                 'national.imputed', 'indicator.part', 'indicator.region_part', 'indicator.cell',
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

-- The flows write estimates; the national team reads them all.
grant select, insert, delete on national.imputed, indicator.estimate_part, indicator.estimate to senacs_etl;
grant select on national.imputed, indicator.estimate_part, indicator.estimate to senacs_national_analyst;
alter table national.imputed enable row level security;
alter table indicator.estimate_part enable row level security;
do $$
declare
    relation regclass;
begin
    foreach relation in array array['national.imputed', 'indicator.estimate_part']::regclass[] loop
        execute format('create policy all_territories on %s for select to senacs_national_analyst using (true)', relation);
        execute format('comment on policy all_territories on %s is ''The national team reads all.''', relation);
    end loop;
end $$;
call access.keep_out_of_statistics();

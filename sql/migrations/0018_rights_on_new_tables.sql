-- The parts of both layers made with the owner's rights, rights on what 0016 and 0017 made, and figures without a refresh.

create or replace function department.open_year(data_year integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    whole text;
    part text;
    made boolean := false;
begin
    foreach whole in array array['department.record', 'department.answer', 'national.unit', 'national.observation'] loop
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
comment on function department.open_year(integer) is 'Makes the parts of both layers that hold a data year, where they are not there; with the owner''s rights.';
revoke execute on function department.open_year(integer) from public;
grant execute on function department.open_year(integer) to senacs_etl;

create function department.renew_statistics(data_year integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    part text;
begin
    foreach part in array array['department.record', 'department.answer', 'national.unit', 'national.observation'] loop
        execute format('analyze %s_%s', part, data_year);
    end loop;
    analyze reference.structure;
end $$;
comment on function department.renew_statistics(integer) is 'Lets the planner know the rows of a data year after a campaign has loaded them; with the owner''s rights.';
revoke execute on function department.renew_statistics(integer) from public;
grant execute on function department.renew_statistics(integer) to senacs_etl;

-- What a territory's run asks of the register is about its départements.
create index structure_of_departement on reference.structure (data_year, departement);

-- A refresh wrote every year again for one département's sake (measured: 5 s with fifteen years of France). The cells
-- are what is materialised, replaced by key; this only puts their labels on and leaves out what is confidential.
drop materialized view indicator.figure;
drop function indicator.refresh_figure();
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
       and coalesce(r.valid_to, 'infinity') >= make_date(c.data_year, 12, 31);
comment on view indicator.figure is 'The public face of indicator.cell: labels, bases, nothing confidential. It answers with its owner''s rights, so that who may read it need not read the cells. Simulated where the column says so.';
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
grant select on indicator.figure to senacs_etl, senacs_correspondent, senacs_national_analyst, senacs_public;

-- The register over time: a correspondent sees the structures that a snapshot of his territories names.
alter table register.structure enable row level security;
alter table register.snapshot enable row level security;
alter table register.attribute enable row level security;
alter table register.agrement enable row level security;
create policy own_territories on register.snapshot for select to senacs_correspondent
    using (territory in (select h.territory from access.held h));
comment on policy own_territories on register.snapshot is 'A correspondent reads the territories that access.held names.';
do $$
declare
    relation regclass;
begin
    foreach relation in array array['register.structure', 'register.attribute', 'register.agrement']::regclass[] loop
        execute format('create policy own_structures on %s for select to senacs_correspondent '
                       'using (structure_id in (select s.structure_id from register.snapshot s))', relation);
        execute format('comment on policy own_structures on %s is ''Of the structures that a snapshot names which the '
                       'correspondent may read.''', relation);
    end loop;
    foreach relation in array array['register.structure', 'register.snapshot', 'register.attribute',
                                    'register.agrement']::regclass[] loop
        execute format('create policy all_territories on %s for select to senacs_national_analyst using (true)', relation);
        execute format('comment on policy all_territories on %s is ''The national team reads all.''', relation);
    end loop;
end $$;
grant usage on schema register to senacs_etl, senacs_correspondent, senacs_national_analyst;
grant select, insert, update, delete on all tables in schema register to senacs_etl;
grant select on all tables in schema register to senacs_correspondent, senacs_national_analyst;
do $$
declare
    own regprocedure;
begin
    for own in select p.oid from pg_proc p
                where p.pronamespace in ('register'::regnamespace, 'analysis'::regnamespace) loop
        execute format('revoke execute on routine %s from public', own);
        -- Those of the register read tables with the caller's rights.
        if own::text ~ '^register\.' then
            execute format('grant execute on routine %s to senacs_etl, senacs_correspondent, senacs_national_analyst', own);
        end if;
    end loop;
end $$;
call access.keep_out_of_statistics();

-- Who is in scope and how far each came: as what these views stand on.
grant update on national.unit to senacs_etl;
grant select, insert, update, delete on all tables in schema codebook to senacs_etl;
grant select on all tables in schema codebook to senacs_correspondent, senacs_national_analyst, senacs_public;
grant select on reference.perimeter to senacs_etl, senacs_correspondent, senacs_national_analyst;
grant select on all tables in schema quality to senacs_etl, senacs_correspondent, senacs_national_analyst;

-- The wide views show each reader the rows that the layers show him.
grant usage on schema analysis to senacs_etl, senacs_correspondent, senacs_national_analyst;
grant select on analysis.wide_view to senacs_correspondent, senacs_national_analyst;
alter default privileges in schema analysis grant select on tables to senacs_correspondent, senacs_national_analyst;
grant execute on function analysis.make_wide_views(text) to senacs_etl;

-- Both layers in parts, one a data year: what a year costs does not depend on how many others are there.

create function department.open_year(data_year integer) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    whole text;
    part text;
begin
    foreach whole in array array['department.record', 'department.answer', 'national.unit', 'national.observation'] loop
        part := format('%s_%s', whole, data_year);
        if to_regclass(part) is null then
            -- Made apart and then attached: readers of the whole are not held up.
            execute format('create table %s (like %s including all)', part, whole);
            execute format('comment on table %s is %L', part,
                           format('Part of %s: data year %s. To be read through the whole.', whole, data_year));
            execute format('alter table %s attach partition %s for values in (%s)', whole, part, data_year);
        end if;
    end loop;
end $$;
comment on function department.open_year(integer) is 'Makes the parts of both layers that hold a data year, where they are not there.';

-- What stands on the tables is made again below, as it was.
drop view quality.unit_response;
drop view quality.item_response;

do $$
declare
    whole text;
    name text;
    before text;
    keys text;
    year integer;
begin
    foreach whole in array array['department.record', 'department.answer', 'national.unit', 'national.observation'] loop
        name := split_part(whole, '.', 2);
        before := whole || '_before';
        execute format('alter table %s rename to %s_before', whole, name);
        execute format('alter table %s rename constraint %s_pkey to %s_before_pkey', before, name, name);
        execute format('create table %s (like %s including constraints including comments) partition by list (data_year)',
                       whole, before);
        select string_agg(quote_ident(a.attname), ', ' order by k.place) into keys
          from pg_constraint c
          cross join unnest(c.conkey) with ordinality k(number, place)
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number
         where c.conrelid = before::regclass and c.contype = 'p';
        execute format('alter table %s add primary key (%s)', whole, keys);
        execute format('comment on table %s is %L', whole, obj_description(before::regclass, 'pg_class'));
    end loop;
    for year in select distinct data_year from reference.campaign_departement
                union select distinct data_year from department.delivery
                union select distinct data_year from national.unit_before order by 1 loop
        perform department.open_year(year);
    end loop;
    foreach whole in array array['department.record', 'department.answer', 'national.unit', 'national.observation'] loop
        execute format('insert into %s select * from %s_before', whole, whole);
        execute format('drop table %s_before', whole);
    end loop;
end $$;

create view quality.unit_response as
select collection, data_year, territory, population,
       count(*) filter (where in_scope) as n_scope,
       count(*) filter (where in_scope and responded) as n_responded,
       round(count(*) filter (where in_scope and responded)::numeric
             / nullif(count(*) filter (where in_scope), 0), 4) as rate
  from national.unit
 group by 1, 2, 3, 4;
comment on view quality.unit_response is 'Who answered, of who was asked. Grain: one population of one territory in one data year.';
comment on column quality.unit_response.collection is 'Collection.';
comment on column quality.unit_response.data_year is 'Year of the activity described.';
comment on column quality.unit_response.territory is 'Collection territory.';
comment on column quality.unit_response.population is 'Population.';
comment on column quality.unit_response.n_scope is 'Units in the perimeter.';
comment on column quality.unit_response.n_responded is 'Of these, units that answered.';
comment on column quality.unit_response.rate is 'n_responded / n_scope, 0 to 1.';

create view quality.item_response as
select a.collection, a.data_year, a.territory, a.question,
       count(*) filter (where a.status not in ('not_asked', 'not_concerned')) as n_asked,
       count(*) filter (where a.status in ('reported', 'confirmed', 'corrected')) as n_answered,
       count(*) filter (where a.status = 'missing') as n_missing,
       count(*) filter (where a.status = 'rejected') as n_rejected,
       count(*) filter (where a.status = 'corrected') as n_corrected,
       count(*) filter (where a.status = 'confirmed') as n_confirmed,
       count(*) filter (where a.status = 'imputed') as n_imputed,
       count(*) filter (where a.status in ('not_asked', 'not_concerned')) as n_not_concerned,
       round(count(*) filter (where a.status in ('reported', 'confirmed', 'corrected'))::numeric
             / nullif(count(*) filter (where a.status not in ('not_asked', 'not_concerned')), 0), 4) as rate
  from department.answer a
  join department.record r using (collection, data_year, territory, unit_id)
 where r.accepted
 group by 1, 2, 3, 4;
comment on view quality.item_response is 'Answers by question, of accepted records. Grain: one question of one territory in one data year.';
comment on column quality.item_response.collection is 'Collection.';
comment on column quality.item_response.data_year is 'Year of the activity described.';
comment on column quality.item_response.territory is 'Collection territory.';
comment on column quality.item_response.question is 'Question.';
comment on column quality.item_response.n_asked is 'Records that the question concerns.';
comment on column quality.item_response.n_answered is 'Of these, with a value that counts: reported, confirmed or corrected.';
comment on column quality.item_response.n_missing is 'Without an answer.';
comment on column quality.item_response.n_rejected is 'With an answer that is kept out.';
comment on column quality.item_response.n_corrected is 'Corrected by the correspondent.';
comment on column quality.item_response.n_confirmed is 'Confirmed by the correspondent.';
comment on column quality.item_response.n_imputed is 'Imputed.';
comment on column quality.item_response.n_not_concerned is 'Records not asked or not concerned.';
comment on column quality.item_response.rate is 'n_answered / n_asked, 0 to 1.';

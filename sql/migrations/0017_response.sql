-- Who is asked, has answered and is usable: perimeters and states of structures, unit and item response.
-- And the survey as analysts want it: one wide view a collection, data year and population, made from the codebook.

-- The codebook's copy: what the states and the views are made from.

alter table codebook.collection add column register_collection text;
comment on column codebook.collection.register_collection is 'Collection that is its register; null where the export lists what exists.';

alter table codebook.variable add column codes text;
comment on column codebook.variable.codes is 'Code list of a coded variable; null otherwise.';

alter table codebook.campaign add column perimeter text not null default 'export';
alter table codebook.campaign alter column perimeter drop default;
comment on column codebook.campaign.perimeter is 'all or federated: which structures of the register are asked; export: without a register.';

create table codebook.population (
    collection text not null references codebook.collection on delete cascade,
    population text not null,
    position   smallint not null,
    label      text not null,
    primary key (collection, population)
);
comment on table codebook.population is 'Populations of a collection, never pooled in one mean. Grain: one population.';
comment on column codebook.population.collection is 'Collection.';
comment on column codebook.population.population is 'CS, EVS, POSTE.';
comment on column codebook.population.position is 'Order.';
comment on column codebook.population.label is 'French label.';

create table codebook.code (
    collection text not null references codebook.collection on delete cascade,
    list       text not null,
    code       text not null,
    position   smallint not null,
    label      text not null,
    primary key (collection, list, code)
);
comment on table codebook.code is 'Code lists. Grain: one code of one list.';
comment on column codebook.code.collection is 'Collection.';
comment on column codebook.code.list is 'Code list; codebook.variable.codes names it.';
comment on column codebook.code.code is 'Code, as it stands in the layers.';
comment on column codebook.code.position is 'Order.';
comment on column codebook.code.label is 'French label.';

create table codebook.respondent (
    collection   text not null references codebook.collection on delete cascade,
    population   text not null,
    key_items    text[] not null,
    least        smallint not null check (least >= 1),
    usable_share numeric not null check (usable_share between 0 and 1),
    primary key (collection, population)
);
comment on table codebook.respondent is 'Who counts as a respondent. Grain: one population. A population without a line: whoever an accepted record is loaded of.';
comment on column codebook.respondent.collection is 'Collection.';
comment on column codebook.respondent.population is 'Population.';
comment on column codebook.respondent.key_items is 'Harmonised variables that a respondent is known by.';
comment on column codebook.respondent.least is 'How many of them must have a value.';
comment on column codebook.respondent.usable_share is 'Share of the items that concern a respondent which must have a value for it to be usable, 0 to 1.';

-- The states of a unit. What is loaded keeps what it was until its territory runs again.

alter table national.unit
    add column management     text,
    add column federated      boolean,
    add column delivered      boolean not null default false,
    add column usable         boolean not null default false,
    add column key_answered   smallint not null default 0,
    add column items_asked    smallint not null default 0,
    add column items_answered smallint not null default 0;
update national.unit set delivered = responded, responded = responded and in_scope, usable = responded and in_scope;
alter table national.unit
    alter column delivered drop default,
    alter column usable set default false,
    alter column responded set default false,
    add constraint unit_states check ((not usable or responded) and (not responded or in_scope and delivered)),
    add constraint unit_items check (items_answered between 0 and items_asked);
comment on table national.unit is 'Who is in scope, who delivered and who answered: usable ⊆ responded ⊆ delivered and in scope. Grain: one unit in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column national.unit.in_scope is 'In the perimeter of the campaign (reference.perimeter); its territory is asked, so it is asked.';
comment on column national.unit.management is 'Kind of management by the register (associatif, collectivite, caf, autre); null where it says none.';
comment on column national.unit.federated is 'Member of the federation by the register; null where it says nothing.';
comment on column national.unit.delivered is 'An accepted record of it is loaded, whether it is in scope or not.';
comment on column national.unit.responded is 'In scope, delivered, and with values for enough key items (codebook.respondent).';
comment on column national.unit.usable is 'Responded, and with values for a large enough share of the items that concern it (codebook.respondent).';
comment on column national.unit.key_answered is 'Key items with a value: reported, confirmed or corrected.';
comment on column national.unit.items_asked is 'Harmonised items that concern it: neither not_asked nor not_concerned. 0 where nothing was delivered.';
comment on column national.unit.items_answered is 'Of these, with a value: reported, confirmed or corrected.';

create view reference.perimeter with (security_invoker = true) as
select y.collection, y.data_year, c.territory, s.structure_id, s.population, s.name, s.departement, s.manager,
       s.management, s.federated, f.first_agrement,
       (coalesce(c.perimeter, y.perimeter) = 'all' or coalesce(s.federated, false))
           and coalesce(f.first_agrement <= make_date(y.data_year, 12, 31), true)
           and exists (select from codebook.question q
                where q.collection = y.collection and q.data_year = y.data_year
                  and (q.populations is null or s.population = any (q.populations))) as in_scope
  from codebook.campaign y
  join codebook.collection k using (collection)
  join reference.structure s using (data_year)
  cross join lateral (
        select (select o.text::date
                  from national.observation o
                 where o.collection = k.register_collection and o.data_year = s.data_year
                   and o.territory = s.territory and o.unit_id = s.structure_id
                   and o.variable = 'date_premier_agrement') as first_agrement) f
  left join reference.campaign_departement c
         on c.collection = y.collection and c.data_year = y.data_year and c.departement = s.departement
 where k.register_collection is not null;
comment on view reference.perimeter is 'Who a campaign is about: every structure of its register, and whether it is in scope. Grain: one structure of the register in one campaign. Simulated wherever codebook.collection.simulated says so.';
comment on column reference.perimeter.collection is 'Collection that asks.';
comment on column reference.perimeter.data_year is 'Year of the activity described.';
comment on column reference.perimeter.territory is 'Collection territory that asks its département; null where none does.';
comment on column reference.perimeter.structure_id is 'Identifier in the register.';
comment on column reference.perimeter.population is 'CS or EVS.';
comment on column reference.perimeter.name is 'Name by the register.';
comment on column reference.perimeter.departement is 'Insee code of the département.';
comment on column reference.perimeter.manager is 'Managing body; null where unknown.';
comment on column reference.perimeter.management is 'Kind of management; null where unknown.';
comment on column reference.perimeter.federated is 'Member of the federation; null where unknown.';
comment on column reference.perimeter.first_agrement is 'Day of the first agrément by the register; null where unknown.';
comment on column reference.perimeter.in_scope is 'Asked for by the perimeter (all, or federated), not newer than the data year (first agrément by 31 December; unknown counts as older), and of a population that the form asks.';

-- Response: one finest grain that sums up, counts before rates.

create view quality.unit_state with (security_invoker = true) as
select u.collection, u.data_year, u.territory, u.unit_id, u.population, u.departement, u.region, u.management,
       u.federated, u.in_scope, u.in_scope as asked, u.in_scope as collected, u.delivered, u.responded, u.usable,
       u.key_answered, u.items_asked, u.items_answered
  from national.unit u
 union all
select p.collection, p.data_year, p.territory, p.structure_id, p.population, p.departement, coalesce(g.region, 'ZZ'),
       p.management, p.federated, p.in_scope, p.in_scope and p.territory is not null, false, false, false, false,
       0::smallint, 0::smallint, 0::smallint
  from reference.perimeter p
  left join reference.departement_region g
         on g.departement = p.departement and g.period @> reference.geography_date(p.data_year)
 where not exists (select from department.delivery d
                    where d.collection = p.collection and d.data_year = p.data_year and d.territory = p.territory);
comment on view quality.unit_state is 'How far each approved unit came: asked ⊆ in scope; collected ⊆ asked; responded ⊆ delivered and collected; usable ⊆ responded. Of a loaded territory as it was loaded, else by the register of today. Grain: one unit in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column quality.unit_state.collection is 'Collection.';
comment on column quality.unit_state.data_year is 'Year of the activity described.';
comment on column quality.unit_state.territory is 'Collection territory; null where no territory asks its département.';
comment on column quality.unit_state.unit_id is 'Key of the unit. Every unit listed is approved: in the register of the data year.';
comment on column quality.unit_state.population is 'CS, EVS, POSTE.';
comment on column quality.unit_state.departement is 'Insee code; ZZ where unknown.';
comment on column quality.unit_state.region is 'Region in force in the data year; ZZ where unknown.';
comment on column quality.unit_state.management is 'Kind of management by the register; null where unknown.';
comment on column quality.unit_state.federated is 'Member of the federation by the register; null where unknown.';
comment on column quality.unit_state.in_scope is 'In the perimeter of the campaign.';
comment on column quality.unit_state.asked is 'In scope, and a territory of the campaign asks its département.';
comment on column quality.unit_state.collected is 'Asked, and its territory is loaded: what the figures rest on so far.';
comment on column quality.unit_state.delivered is 'An accepted record of it is loaded, asked or not.';
comment on column quality.unit_state.responded is 'Collected, delivered, and with values for enough key items.';
comment on column quality.unit_state.usable is 'Responded, and with values for enough of the items that concern it.';
comment on column quality.unit_state.key_answered is 'Key items with a value.';
comment on column quality.unit_state.items_asked is 'Items that concern it.';
comment on column quality.unit_state.items_answered is 'Of these, with a value.';

drop view quality.unit_response;
create view quality.unit_response with (security_invoker = true) as
select collection, data_year, territory, departement, region, population, management, federated,
       count(*) as n_approved,
       count(*) filter (where in_scope) as n_scope,
       count(*) filter (where asked) as n_asked,
       count(*) filter (where collected) as n_collected,
       count(*) filter (where collected and delivered) as n_delivered,
       count(*) filter (where responded) as n_responded,
       count(*) filter (where usable) as n_usable,
       count(*) filter (where delivered and not in_scope) as n_outside,
       round(count(*) filter (where responded)::numeric / nullif(count(*) filter (where asked), 0), 4) as rate
  from quality.unit_state
 group by 1, 2, 3, 4, 5, 6, 7, 8;
comment on view quality.unit_response is 'Unit response; counts sum up over any columns, rates do not: divide the sums. Grain: one population × management × federation of one département of one territory in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column quality.unit_response.collection is 'Collection.';
comment on column quality.unit_response.data_year is 'Year of the activity described.';
comment on column quality.unit_response.territory is 'Collection territory; null where none asks the département.';
comment on column quality.unit_response.departement is 'Insee code; ZZ where unknown.';
comment on column quality.unit_response.region is 'Region in force in the data year; ZZ where unknown.';
comment on column quality.unit_response.population is 'Population.';
comment on column quality.unit_response.management is 'Kind of management by the register; null where unknown.';
comment on column quality.unit_response.federated is 'Member of the federation by the register; null where unknown.';
comment on column quality.unit_response.n_approved is 'Units of the register (of the export, where there is no register).';
comment on column quality.unit_response.n_scope is 'Of these, in the perimeter of the campaign.';
comment on column quality.unit_response.n_asked is 'Of these, of a département that a territory of the campaign asks.';
comment on column quality.unit_response.n_collected is 'Of these, of a territory that is loaded.';
comment on column quality.unit_response.n_delivered is 'Of these, with an accepted record.';
comment on column quality.unit_response.n_responded is 'Of these, with enough key items: respondents. The others delivered too little.';
comment on column quality.unit_response.n_usable is 'Of these, with enough of the items that concern them.';
comment on column quality.unit_response.n_outside is 'Delivered without being in scope: kept, not counted.';
comment on column quality.unit_response.rate is 'n_responded / n_asked, 0 to 1; null where nobody was asked.';

create view quality.item_state with (security_invoker = true) as
select u.collection, u.data_year, u.territory, u.unit_id, u.departement, u.population, u.management, u.federated,
       a.question,
       -- What was kept out because nobody asked is no refusal to answer.
       case when a.status = 'rejected' and not u.population = any (q.populations) then 'not_asked'
            else a.status end as status
  from national.unit u
  join department.answer a
    on a.collection = u.collection and a.data_year = u.data_year and a.territory = u.territory and a.unit_id = u.unit_id
  join codebook.question q
    on q.collection = a.collection and q.data_year = a.data_year and q.question = a.question
 where u.responded;
comment on view quality.item_state is 'Answers of respondents with what they are counted by. Grain: one respondent × one question in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column quality.item_state.collection is 'Collection.';
comment on column quality.item_state.data_year is 'Year of the activity described.';
comment on column quality.item_state.territory is 'Collection territory.';
comment on column quality.item_state.unit_id is 'Key of the unit.';
comment on column quality.item_state.departement is 'Insee code; ZZ where unknown.';
comment on column quality.item_state.population is 'Population.';
comment on column quality.item_state.management is 'Kind of management by the register; null where unknown.';
comment on column quality.item_state.federated is 'Member of the federation by the register; null where unknown.';
comment on column quality.item_state.question is 'Question of that data year''s codebook.';
comment on column quality.item_state.status is 'Status of the answer; not_asked also where an answer was kept out because its population is not asked.';

drop view quality.item_response;
create view quality.item_response with (security_invoker = true) as
select collection, data_year, territory, departement, population, management, federated, question,
       count(*) filter (where status not in ('not_asked', 'not_concerned')) as n_asked,
       count(*) filter (where status in ('reported', 'confirmed', 'corrected')) as n_answered,
       count(*) filter (where status = 'missing') as n_missing,
       count(*) filter (where status = 'rejected') as n_rejected,
       count(*) filter (where status = 'corrected') as n_corrected,
       count(*) filter (where status = 'confirmed') as n_confirmed,
       count(*) filter (where status = 'imputed') as n_imputed,
       count(*) filter (where status in ('not_asked', 'not_concerned')) as n_not_concerned,
       round(count(*) filter (where status in ('reported', 'confirmed', 'corrected'))::numeric
             / nullif(count(*) filter (where status not in ('not_asked', 'not_concerned')), 0), 4) as rate
  from quality.item_state
 group by 1, 2, 3, 4, 5, 6, 7, 8;
comment on view quality.item_response is 'Item response of respondents; counts sum up over any columns, rates do not: divide the sums. Grain: one question × population × management × federation of one département of one territory in one data year. Simulated wherever codebook.collection.simulated says so.';
comment on column quality.item_response.collection is 'Collection.';
comment on column quality.item_response.data_year is 'Year of the activity described.';
comment on column quality.item_response.territory is 'Collection territory.';
comment on column quality.item_response.departement is 'Insee code; ZZ where unknown.';
comment on column quality.item_response.population is 'Population.';
comment on column quality.item_response.management is 'Kind of management by the register; null where unknown.';
comment on column quality.item_response.federated is 'Member of the federation by the register; null where unknown.';
comment on column quality.item_response.question is 'Question.';
comment on column quality.item_response.n_asked is 'Respondents that the question concerns.';
comment on column quality.item_response.n_answered is 'Of these, with a value that counts: reported, confirmed or corrected.';
comment on column quality.item_response.n_missing is 'Without an answer.';
comment on column quality.item_response.n_rejected is 'With an answer that is kept out.';
comment on column quality.item_response.n_corrected is 'Corrected by the correspondent.';
comment on column quality.item_response.n_confirmed is 'Confirmed by the correspondent.';
comment on column quality.item_response.n_imputed is 'Imputed.';
comment on column quality.item_response.n_not_concerned is 'Respondents not asked or not concerned.';
comment on column quality.item_response.rate is 'n_answered / n_asked, 0 to 1; null where it concerns nobody.';

-- Wide views: the same observations, one column a variable. Made from the codebook's copy when it changes.

create schema analysis;
comment on schema analysis is 'Wide views for analysts, generated from the codebook: one per collection, data year and population, and its companion of statuses.';

create table analysis.wide_view (
    view_name  text primary key,
    collection text not null,
    data_year  smallint not null,
    population text not null,
    shows      text not null check (shows in ('values', 'statuses', 'former')),
    recipe     text not null
);
comment on table analysis.wide_view is 'Which wide views there are. Grain: one view.';
comment on column analysis.wide_view.view_name is 'Name of the view in this schema.';
comment on column analysis.wide_view.collection is 'Collection.';
comment on column analysis.wide_view.data_year is 'Year of the activity described.';
comment on column analysis.wide_view.population is 'Population.';
comment on column analysis.wide_view.shows is 'values; statuses: why a value is there or not; former: replaced, kept because something of an analyst stands on it.';
comment on column analysis.wide_view.recipe is 'Hash of the statements that it was made by: equal means there is nothing to do.';

create function analysis.clipped(wanted text, most integer) returns text
language sql immutable parallel safe as $$
select case when octet_length(wanted) <= most then wanted
            else (select left(wanted, n) from generate_series(least(most, char_length(wanted)), 0, -1) n
                   where octet_length(left(wanted, n)) <= most - 9
                   order by n desc limit 1) || '_' || left(md5(wanted), 8) end
$$;
comment on function analysis.clipped(text, integer) is 'A name of at most that many bytes: itself, else its beginning and eight hex digits of its hash, so that two long names stay two.';

create function analysis.column_of(variable text) returns text
language sql immutable parallel safe as $$
select case when variable in ('unit_id', 'territory', 'departement', 'region', 'manager', 'management', 'federated',
                              'in_scope', 'delivered', 'responded', 'usable')
            then analysis.clipped(variable || '_' || left(md5(variable), 8), 63)
            else analysis.clipped(variable, 63) end
$$;
comment on function analysis.column_of(text) is 'Column of a variable in the wide views: its name, clipped to 63 bytes; with its hash where the view has a column of that name already.';

create function analysis.view_of(collection text, data_year integer, population text, shows text) returns text
language sql immutable parallel safe as $$
select case when shows = 'statuses' then analysis.clipped(base, 56) || '_status' else analysis.clipped(base, 56) end
  from (select lower(collection || '_' || data_year || '_' || population) as base) name
$$;
comment on function analysis.view_of(text, integer, text, text) is 'Name of a wide view: senacs_2012_cs, and senacs_2012_cs_status for its statuses.';

create function analysis.recipe_of(of_collection text, of_year integer, of_population text, of_shows text) returns text
language sql stable as $$
with kept as (
    select 1 as part, row_number() over () as position, column_name, column_name as variable, 'u.' || column_name as expression, meaning
      from (values ('unit_id', 'Key of the unit.'),
                   ('territory', 'Collection territory.'),
                   ('departement', 'Insee code of the département; ZZ where unknown.'),
                   ('region', 'Region in force in the data year; ZZ where unknown.'),
                   ('manager', 'Managing body, or the unit itself where unknown: count it before you publish a figure.'),
                   ('management', 'Kind of management by the register; null where unknown.'),
                   ('federated', 'Member of the federation by the register; null where unknown.'),
                   ('in_scope', 'In the perimeter of the campaign.'),
                   ('delivered', 'An accepted record of it is loaded.'),
                   ('responded', 'In scope, and answered enough key items: the base of published figures.'),
                   ('usable', 'Responded, and answered enough of the items that concern it.')) fixed (column_name, meaning)
), asked as (
    -- A variable that no year asks is derived in SQL: it has values in every year.
    select v.variable, v.label, v.unit, v.kind, v.codes, coalesce(min(q.position), 32767) as position
      from codebook.variable v
      left join codebook.question q
             on q.collection = v.collection and q.variable = v.variable and q.data_year = of_year
            and (q.populations is null or of_population = any (q.populations))
     where v.collection = of_collection
       and (q.question is not null
            or not exists (select from codebook.question any_year
                            where any_year.collection = v.collection and any_year.variable = v.variable))
     group by 1, 2, 3, 4, 5
), measured as (
    select 2 as part, row_number() over (order by a.position, a.variable) as position, analysis.column_of(a.variable) as column_name,
           a.variable,
           case when of_shows = 'statuses' then format('a.held ->> %L', a.variable)
                when a.kind in ('number', 'integer') then format('(a.held ->> %L)::numeric', a.variable)
                when a.kind = 'yes_no' then format('a.held ->> %L = ''oui''', a.variable)
                when a.kind = 'date' then format('(a.held ->> %L)::date', a.variable)
                else format('a.held ->> %L', a.variable) end as expression,
           case when of_shows = 'statuses' then a.label || ' – statut'
                else a.label || case when a.unit <> '' then ' (' || a.unit || ')' else '' end
                     || coalesce(' – codes : ' || (
                            select string_agg(c.code || ' = ' || c.label, ' ; ' order by c.position)
                              from codebook.code c
                             where c.collection = of_collection and c.list = a.codes), '') end as meaning
      from asked a
), listed as (
    select * from kept union all select * from measured
), named as (
    select analysis.view_of(of_collection, of_year, of_population, of_shows) as view_name,
           format('%sEach %s of %s about %s, %s: %s. Grain: one %s. Source: national.unit and national.observation; %s',
                  case when k.simulated then 'SIMULATED, no figure is about a real place. ' else '' end,
                  k.unit_label, k.label, of_year, p.label,
                  case when of_shows = 'statuses'
                       then 'the status of each value, null where no record is loaded'
                       else 'values in the variables'' units, null where there is none (see ' ||
                            analysis.view_of(of_collection, of_year, of_population, 'statuses') || ')' end,
                  k.unit_label, k.provenance) as meaning
      from codebook.collection k
      join codebook.population p using (collection)
     where k.collection = of_collection and p.population = of_population
)
select format(
           'create view analysis.%I with (security_invoker = true) as select %s from national.unit u left join lateral '
           '(select jsonb_object_agg(o.variable, %s) as held from national.observation o where o.collection = %L and '
           'o.data_year = %s and o.territory = u.territory and o.unit_id = u.unit_id) a on true '
           'where u.collection = %L and u.data_year = %s and u.population = %L; comment on view analysis.%I is %L',
           n.view_name,
           (select string_agg(format('%s as %I', expression, column_name), ', ' order by part, position) from listed),
           case when of_shows = 'statuses' then 'o.status' else 'coalesce(o.number::text, o.code, o.text)' end,
           of_collection, of_year, of_collection, of_year, of_population, n.view_name, n.meaning)
       || (select string_agg(format('; comment on column analysis.%I.%I is %L', n.view_name, column_name, meaning), ''
                             order by part, position) from listed)
  from named n
$$;
comment on function analysis.recipe_of(text, integer, text, text) is 'The statements that make a wide view: a column a variable that the year asks of the population, in the codebook''s order, with its label as comment.';

create function analysis.retired(of_view text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    former text;
begin
    begin
        execute format('drop view if exists analysis.%I', of_view);
        delete from analysis.wide_view where view_name = of_view;
        return true;
    exception when dependent_objects_still_exist then
        null;
    end;
    -- Somebody's own view stands on it: it goes on under another name, reading the same tables.
    select case shows when 'former' then view_name
                else analysis.clipped(view_name || '_until_' || left(recipe, 8), 63) end
      into former from analysis.wide_view where view_name = of_view;
    if former <> of_view then
        execute format('alter view analysis.%I rename to %I', of_view, former);
        update analysis.wide_view set view_name = former, shows = 'former' where view_name = of_view;
    end if;
    return true;
exception when lock_not_available then
    return false;
end
$$;
comment on function analysis.retired(text) is 'Takes a wide view away, or puts it aside under another name if something stands on it; false if a reader held it too long.';

create function analysis.make_wide_views(of_collection text) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '1s' as $$
declare
    one record;
    made integer := 0;
begin
    for one in
        with wanted as materialized (
            select analysis.view_of(y.collection, y.data_year, p.population, s.shows) as view_name, y.data_year,
                   p.population, s.shows, analysis.recipe_of(y.collection, y.data_year, p.population, s.shows) as statements
              from codebook.campaign y
              join codebook.population p using (collection)
              cross join (values ('values'), ('statuses')) s (shows)
             where y.collection = of_collection
               and exists (select from codebook.question q
                            where q.collection = y.collection and q.data_year = y.data_year
                              and (q.populations is null or p.population = any (q.populations)))
        )
        select coalesce(w.view_name, h.view_name) as view_name, h.view_name is not null as is_there,
               w.data_year, w.population, w.shows, w.statements
          from wanted w
          full join (select view_name, recipe from analysis.wide_view where collection = of_collection) h
            on h.view_name = w.view_name
         where md5(w.statements) is distinct from h.recipe
            or to_regclass(format('analysis.%I', h.view_name)) is null
         order by 1
    loop
        if one.is_there and not analysis.retired(one.view_name) then
            raise warning 'analysis.%: somebody reads it; it stays as it is until the next run', one.view_name;
            -- The copy of the codebook is made again by the next run, and this with it.
            update codebook.collection set version = '' where collection = of_collection;
        elsif one.statements is not null then
            execute one.statements;
            insert into analysis.wide_view (view_name, collection, data_year, population, shows, recipe)
            values (one.view_name, of_collection, one.data_year, one.population, one.shows, md5(one.statements));
            made := made + 1;
        end if;
    end loop;
    return made;
end
$$;
comment on function analysis.make_wide_views(text) is 'Makes a collection''s wide views what its codebook says, with the owner''s rights: those that are right already are left alone. Returns how many were made.';
revoke all on function analysis.make_wide_views(text) from public;
revoke all on function analysis.retired(text) from public;

-- The copy of each codebook is made again by the next run, with these tables and views.
update codebook.collection set version = '';

-- The register over time: structures with their own stable id, attributes and agréments with the days they hold.
--
-- All of it is a function of the snapshots that are loaded, and recomputed by sql/national/registre/periods.sql for the
-- structures that a territory delivers, or delivered before. A snapshot of data year N speaks for the whole of N (our
-- choice: it states the year's last day, as reference.geography_date does, and nothing is known of the days before).

alter table codebook.variable add column dated text;
comment on column codebook.variable.dated is 'In a register, what of a structure the variable states: attribute, or agrement AGC, ACF, EVS or main (the one that makes the structure what it is), alone (whether it is held) or with begin or end (first, last day); null for what is not dated.';

create schema register;
comment on schema register is 'The register of structures over time, derived from the snapshots of all data years. Simulated wherever codebook.collection.simulated says so of `registre`.';

create table register.structure (
    structure_id text primary key,
    first_year   smallint not null,
    last_year    smallint not null check (last_year >= first_year)
);
comment on table register.structure is 'Every structure that a loaded snapshot of the register knows. Grain: one structure, whatever its type, manager or territory over time. Derived.';
comment on column register.structure.structure_id is 'Own stable identifier, kept when an EVS becomes a CS; never the SIRET.';
comment on column register.structure.first_year is 'First data year with a snapshot that knows it.';
comment on column register.structure.last_year is 'Last data year with a snapshot that knows it; years between may lack it.';

create table register.snapshot (
    data_year    smallint not null,
    territory    text not null,
    structure_id text not null references register.structure,
    primary key (data_year, territory, structure_id)
);
create index snapshot_of_structure on register.snapshot (structure_id);
comment on table register.snapshot is 'Which snapshots know a structure: whose periods a new one of them changes. Grain: one structure in one territory''s snapshot of a data year. Derived.';
comment on column register.snapshot.data_year is 'Data year of the snapshot.';
comment on column register.snapshot.territory is 'Territory that delivered it; a structure may come from another one in another year.';
comment on column register.snapshot.structure_id is 'The structure.';

create table register.attribute (
    structure_id text not null references register.structure,
    attribute    text not null,
    value        text not null,
    period       daterange not null check (not isempty(period)),
    primary key (structure_id, attribute, period),
    constraint attribute_has_one_value_a_day
        exclude using gist (structure_id with =, attribute with =, period with &&)
);
comment on table register.attribute is 'What a structure was, and when. Grain: one value of one attribute of one structure over one period; a day has one value at most, and none where no snapshot says it. Derived.';
comment on column register.attribute.structure_id is 'The structure.';
comment on column register.attribute.attribute is 'Variable of the register''s codebook that is declared `attribute` (nom, type, commune, gestionnaire …).';
comment on column register.attribute.value is 'Its value as text: a code, a text, fourteen digits of a SIRET, an ISO date.';
comment on column register.attribute.period is 'Days: whole data years, those that follow each other with one value taken together.';

create table register.agrement (
    structure_id text not null references register.structure,
    kind         text not null check (kind in ('AGC', 'ACF', 'EVS')),
    period       daterange not null check (not isempty(period)),
    first_stated smallint not null,
    last_stated  smallint not null check (last_stated >= first_stated),
    cut_by       smallint,
    primary key (structure_id, kind, period),
    constraint agrement_of_a_kind_once_a_day
        exclude using gist (structure_id with =, kind with =, period with &&)
);
comment on table register.agrement is 'The agréments of a structure. Grain: one agrément of one kind over one period; renewals are rows of their own. Derived.';
comment on column register.agrement.structure_id is 'The structure.';
comment on column register.agrement.kind is 'AGC animation globale et coordination (a centre social), ACF animation collective famille, EVS espace de vie sociale.';
comment on column register.agrement.period is 'Days: from the stated begin, else from the year''s first day or the day after the former one; to the stated end, else to the last day of the last data year that states it.';
comment on column register.agrement.first_stated is 'First data year whose snapshot states it.';
comment on column register.agrement.last_stated is 'Last data year whose snapshot states it.';
comment on column register.agrement.cut_by is 'Data year of the later snapshot that says otherwise of its last days, which are that one''s; null where none does.';

create function register.touched(collection text, data_year integer, territory text) returns text[]
language sql stable parallel safe as $$
    select array(
        select s.structure_id from register.snapshot s
         where s.data_year = touched.data_year and s.territory = touched.territory
        union
        select u.unit_id from national.unit u
         where u.collection = touched.collection and u.data_year = touched.data_year
           and u.territory = touched.territory)
$$;
comment on function register.touched(text, integer, text) is 'The structures that a territory''s snapshot of a data year names, or named before it was loaded again.';

create function register.statements(structures text[] default null)
returns table (structure_id text, kind text, data_year smallint, held boolean, began date, ended date, problem text)
language sql stable parallel safe as $$
    with said as (
        select o.collection, o.data_year, o.territory, o.unit_id, o.code, o.text as day,
               split_part(v.dated, ' ', 2) as kind, split_part(v.dated, ' ', 3) as bound
          from codebook.variable v
          join national.observation o on o.collection = v.collection and o.variable = v.variable
         where v.dated like 'agrement %' and (o.code is not null or o.text is not null)
           and (statements.structures is null or o.unit_id in (select unnest(statements.structures)))
    ), by_kind as (
        -- Two territories that deliver one structure about one year are brought to one by the first of them.
        select distinct on (u.unit_id, k.kind, u.data_year)
               u.unit_id, k.kind, u.data_year, u.population = k.makes as main,
               max(s.code) filter (where s.kind = k.kind and s.bound = '') = 'oui' as held,
               coalesce(max(s.day) filter (where s.kind = k.kind and s.bound = 'begin'),
                        max(s.day) filter (where s.kind = 'main' and s.bound = 'begin'))::date as began,
               coalesce(max(s.day) filter (where s.kind = k.kind and s.bound = 'end'),
                        max(s.day) filter (where s.kind = 'main' and s.bound = 'end'))::date as ended
          from national.unit u
          join (select distinct v.collection from codebook.variable v where v.dated is not null) r
            on r.collection = u.collection
         cross join (values ('AGC', 'CS'), ('EVS', 'EVS'), ('ACF', null)) as k (kind, makes)
          left join said s
                 on s.collection = u.collection and s.data_year = u.data_year and s.territory = u.territory
                and s.unit_id = u.unit_id and (s.kind = k.kind or (s.kind = 'main' and u.population = k.makes))
         where statements.structures is null or u.unit_id in (select unnest(statements.structures))
         group by u.unit_id, k.kind, u.data_year, u.territory, u.population, k.makes
         order by u.unit_id, k.kind, u.data_year, u.territory
    )
    select b.unit_id, b.kind, b.data_year, coalesce(b.held, b.main), b.began, b.ended,
           case when b.ended < b.began then 'reversed'
                when b.began > reference.geography_date(b.data_year) and coalesce(b.held, b.main) then 'not yet'
                when b.ended < make_date(b.data_year, 1, 1) and coalesce(b.held, b.main) then 'no more'
                when not b.held and b.began <= reference.geography_date(b.data_year)
                 and coalesce(b.ended >= reference.geography_date(b.data_year), true) then 'denied'
           end
      from by_kind b
     where b.held or b.main or b.began is not null or b.ended is not null
$$;
comment on function register.statements(text[]) is 'What each snapshot says of each agrément. Grain: one structure × kind × data year. Arguments: the structures, null for all. held: on the year''s last day, said or following from the type; began, ended: first and last day where it says them; problem: reversed (ends before it begins), not yet (held, and begins after the year), no more (held, and ended before the year), denied (not held, and in force by its dates), else null.';

create function register.agrements(structures text[] default null)
returns table (structure_id text, kind text, period daterange, first_stated smallint, last_stated smallint, cut_by smallint)
language sql stable parallel safe as $$
    with said as (
        select s.structure_id, s.kind, s.data_year, s.began,
               -- Who gives only the begin speaks of the agrément that another year gives the end of.
               coalesce(s.ended, case when s.began is not null
                   then max(s.ended) over (partition by s.structure_id, s.kind, s.began) end) as ended
          from register.statements(agrements.structures) s
         where s.problem is null and (s.held or (s.began is not null and s.ended is not null))
    ), numbered as (
        select s.*, coalesce(s.ended, s.began)::text as day,
               s.data_year - row_number() over (partition by s.structure_id, s.kind, s.began, s.ended order by s.data_year) as island
          from said s
    ), one as (
        -- An agrément is known by its end, else by its begin, else by years that follow each other.
        select n.structure_id, n.kind, min(n.data_year) as first_stated, max(n.data_year) as last_stated, n.ended,
               (array_agg(n.began order by n.data_year desc) filter (where n.began is not null))[1] as began
          from numbered n
         group by n.structure_id, n.kind, n.day, n.ended, case when n.day is null then n.island end
    ), bounded as (
        select o.structure_id, o.kind, o.first_stated, o.last_stated,
               coalesce(o.began, max(f.ended) + 1, make_date(o.first_stated, 1, 1)) as first_day,
               coalesce(o.ended + 1, make_date(o.last_stated + 1, 1, 1)) as day_after
          from one o
          left join one f
                 on f.structure_id = o.structure_id and f.kind = o.kind and o.began is null
                and f.ended >= make_date(o.first_stated, 1, 1) and f.ended < reference.geography_date(o.first_stated)
                and f.ended is distinct from o.ended
         group by o.structure_id, o.kind, o.first_stated, o.last_stated, o.began, o.ended
    ), cut as (
        select b.structure_id, b.kind, b.first_day, b.day_after, b.first_stated, b.last_stated,
               min(l.first_day) as later_day, (array_agg(l.last_stated order by l.first_day, l.last_stated))[1] as later
          from bounded b
          left join bounded l
                 on l.structure_id = b.structure_id and l.kind = b.kind and l.last_stated > b.last_stated
                and l.first_day < b.day_after and l.day_after > b.first_day
         group by b.structure_id, b.kind, b.first_day, b.day_after, b.first_stated, b.last_stated
    )
    select c.structure_id, c.kind,
           daterange(c.first_day, greatest(c.first_day, least(c.day_after, c.later_day))),
           c.first_stated, c.last_stated, c.later
      from cut c
$$;
comment on function register.agrements(text[]) is 'The agréments that follow from the statements of all snapshots. Grain: one agrément. Arguments: the structures, null for all. Where two snapshots speak of overlapping agréments, the later one is believed from its first day on; the period is empty where nothing is left.';

create function register.contradictions(structures text[] default null)
returns table (structure_id text, kind text, data_year smallint, problem text, other_year smallint)
language sql stable parallel safe as $$
    select s.structure_id, s.kind, s.data_year, s.problem, null::smallint
      from register.statements(contradictions.structures) s
     where s.problem is not null
    union all
    select a.structure_id, a.kind, a.last_stated, 'overlap', a.cut_by
      from register.agrements(contradictions.structures) a
     where a.cut_by is not null
$$;
comment on function register.contradictions(text[]) is 'Statements of agréments that give no period, or less than they say. Grain: one statement. Arguments: the structures, null for all. problem: as in register.statements, or overlap with what the snapshot of other_year says.';

create function register.structure_at(on_date date)
returns table (structure_id text, type text, attributes jsonb, agrements text[])
language sql stable parallel safe as $$
    select a.structure_id, max(a.value) filter (where a.attribute = 'type'), jsonb_object_agg(a.attribute, a.value),
           array(select g.kind from register.agrement g
                  where g.structure_id = a.structure_id and g.period @> structure_at.on_date order by g.kind)
      from register.attribute a
     where a.period @> structure_at.on_date
     group by a.structure_id
$$;
comment on function register.structure_at(date) is 'The register on a day. Grain: one structure that a snapshot of that day''s year knows, with its type, all its attributes (values as text, by name) and the kinds of agrément in force.';

create function register.history(structure_id text)
returns table (what text, value text, valid_from date, valid_to date)
language sql stable parallel safe as $$
    select a.attribute, a.value, lower(a.period), upper(a.period)
      from register.attribute a where a.structure_id = history.structure_id
    union all
    select 'agrément ' || g.kind, null, lower(g.period), upper(g.period)
      from register.agrement g where g.structure_id = history.structure_id
     order by 3, 1
$$;
comment on function register.history(text) is 'All that the register holds of a structure, in the order of time. Grain: one value or agrément over [valid_from, valid_to).';

-- The register's territories are loaded again by their next run, and so fill these tables.
update department.delivery set fingerprint = '' where collection = 'registre';

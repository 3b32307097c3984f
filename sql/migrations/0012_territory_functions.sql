-- Questions to the dated territories. All are read-only; a code is upper-cased, an unknown one gives no row or null,
-- never a guess.

create function reference.geography_date(data_year integer) returns date
language sql immutable strict parallel safe as $$ select make_date(data_year, 12, 31) $$;
comment on function reference.geography_date(integer) is 'The day at which the département and region of a data year''s units are taken: its last, so that what happened in the year counts (Mayotte 2011).';

create function reference.commune_at(code text, on_date date)
returns table (commune text, name text, departement text, valid_from date, valid_to date)
language sql stable parallel safe rows 1 as $$
    select c.code, c.name, c.departement, c.valid_from, c.valid_to
      from reference.commune c
     where c.code = upper(commune_at.code) and c.period @> commune_at.on_date
$$;
comment on function reference.commune_at(text, date) is 'The commune that bears a code at a date; no row if none does.';

-- From every commune alive at `earlier` (or those of `origins`) along its successors to `later`.
--
-- Where a merger was undone in between, a commune that came back under its code and name is itself again: it takes
-- nothing but its own, and the others take nothing of it. Without that rule Sannerville 2016 would become half Troarn.
create function reference.commune_walk(earlier date, later date, origins text[] default null)
returns table (origin text, code text)
language sql stable parallel safe rows 36000 as $$
    with recursive walk (origin, origin_name, origin_from, code, valid_from, valid_to) as (
        (select c.code, c.name, c.valid_from, c.code, c.valid_from, c.valid_to
          from reference.commune c
         where commune_walk.origins is null and c.period @> commune_walk.earlier
        union all
        -- Apart from the above, so that it is found by its key.
        select c.code, c.name, c.valid_from, c.code, c.valid_from, c.valid_to
          from reference.commune c
         where c.code = any (commune_walk.origins) and c.period @> commune_walk.earlier)
        union
        select w.origin, w.origin_name, w.origin_from, n.code, n.valid_from, n.valid_to
          from walk w
          join reference.commune_successor s on s.code = w.code and s.valid_from = w.valid_from
          join reference.commune n on n.code = s.successor and n.period @> s.ended
         where w.valid_to <= commune_walk.later
           and (s.parts = 1
                -- The origin is the very one that is divided: every part is of it.
                or (s.code = w.origin and s.valid_from = w.origin_from)
                or (n.code = w.origin and n.name = w.origin_name)
                or (not exists (
                        -- The origin itself did not come back …
                        select from reference.commune_successor o
                          join reference.commune b on b.code = o.successor and b.period @> o.ended
                         where o.code = s.code and o.valid_from = s.valid_from
                           and b.code = w.origin and b.name = w.origin_name)
                    and not exists (
                        -- … and this part is no other commune that did.
                        select from reference.commune a
                         where a.code = n.code and a.name = n.name and a.valid_from <> n.valid_from
                           and a.period @> commune_walk.earlier)))
    )
    select distinct w.origin, w.code from walk w where w.valid_to is null or w.valid_to > commune_walk.later
$$;
comment on function reference.commune_walk(date, date, text[]) is 'Pairs (commune at the earlier date, commune that holds its territory at the later one), all of them or from the origins given. Used by the functions below.';

create function reference.commune_became(code text, as_of date, on_date date)
returns table (commune text, name text, departement text)
language sql stable parallel safe rows 2 as $$
    with recursive before (code, valid_from, valid_to) as (
        -- Candidates on the way back; the walk forward then says which of them it is.
        select c.code, c.valid_from, c.valid_to
          from reference.commune c
         where commune_became.on_date < commune_became.as_of
           and c.code = upper(commune_became.code) and c.period @> commune_became.as_of
        union
        select p.code, p.valid_from, p.valid_to
          from before b
          join reference.commune_successor s
            on s.successor = b.code and s.ended >= b.valid_from
           and (b.valid_to is null or s.ended < b.valid_to)
           and s.ended > commune_became.on_date and s.ended <= commune_became.as_of
          join reference.commune p on p.code = s.code and p.valid_from = s.valid_from
    ), found as (
        select w.code
          from reference.commune_walk(commune_became.as_of, commune_became.on_date,
                                      array[upper(commune_became.code)]) w
         where commune_became.on_date >= commune_became.as_of
        union
        -- Alone: nothing happened in between, as nearly always; the walk would cost milliseconds to say so.
        select b.code from before b where (select count(*) from before) = 1
        union
        select w.origin
          from reference.commune_walk(commune_became.on_date, commune_became.as_of,
                                      array(select b.code from before b)) w
         where (select count(*) from before) > 1 and w.code = upper(commune_became.code)
    )
    select c.code, c.name, c.departement
      from found f
      cross join lateral (
           -- A limit, so that the few found are looked up one by one and not joined to all communes.
           select n.code, n.name, n.departement
             from reference.commune n
            where n.code = f.code and n.period @> commune_became.on_date
            limit 1) c
     order by c.code
$$;
comment on function reference.commune_became(text, date, date) is 'Which communes at `on_date` hold the territory of the commune that bears `code` at `as_of`; forwards or backwards, several rows after a split or before a merger. No row if no commune bears the code at `as_of`.';

create function reference.commune_resolved(code text, on_date date)
returns table (commune text, name text, departement text, how text)
language sql stable parallel safe rows 1 as $$
    with given as (select upper(commune_resolved.code) as code),
    alive as (
        select c.code, 'en vigueur' as how, commune_resolved.on_date as as_of, 1 as rank
          from given g join reference.commune c on c.code = g.code and c.period @> commune_resolved.on_date
        union all
        select a.commune, 'arrondissement', commune_resolved.on_date, 1
          from given g join reference.arrondissement_municipal a on a.code = g.code
        union all
        -- The code has ended, or has not begun: its last day before that date, else its first one.
        (select c.code, case when c.valid_to <= commune_resolved.on_date then 'ancien code' else 'code futur' end,
                case when c.valid_to <= commune_resolved.on_date then c.valid_to - 1 else c.valid_from end, 2
           from given g join reference.commune c on c.code = g.code
          order by (c.valid_to <= commune_resolved.on_date) desc nulls last,
                   case when c.valid_to <= commune_resolved.on_date then commune_resolved.on_date - c.valid_to
                        else c.valid_from - commune_resolved.on_date end
          limit 1)
        union all
        select a.commune, a.kind, a.as_of, 3
          from given g join reference.commune_alias a on a.code = g.code
    ), chosen as (
        select a.code, a.how, a.as_of from alive a order by a.rank limit 1
    )
    select b.commune, b.name, b.departement, c.how
      from chosen c, reference.commune_became(c.code, c.as_of, commune_resolved.on_date) b
$$;
comment on function reference.commune_resolved(text, date) is 'Which commune at a date a code stands for when nobody says of which year the code is, as in exports: the commune that bears it (`en vigueur`), the city of an arrondissement, what an ended or a future code became (several rows after a split), or an alias. `how` says which.';

create function reference.departement_of(code text, on_date date) returns text
language sql stable parallel safe as $$
    select case when count(distinct r.departement) = 1 then min(r.departement) end
      from reference.commune_resolved(departement_of.code, departement_of.on_date) r
$$;
comment on function reference.departement_of(text, date) is 'The département that a commune''s code lies in at a date, by reference.commune_resolved; null for an unknown code.';

create function reference.region_of(departement text, on_date date) returns text
language sql stable parallel safe as $$
    select r.region from reference.departement_region r
     where r.departement = upper(region_of.departement) and r.period @> region_of.on_date
$$;
comment on function reference.region_of(text, date) is 'Insee code of the region of a département at a date: the old ones until 2015-12-31. Null for an overseas collectivity.';

create function reference.epci_of(code text, year integer)
returns table (epci text, name text, nature text, status text)
language sql stable parallel safe rows 1 as $$
    select e.siren, e.name, e.nature,
           case when y.year is null or c.code is null then 'inconnu'
                when m.epci is null then case when y.status = 'lu' then 'sans EPCI' else 'inconnu' end
                when y.status = 'lu' then 'lu' else 'présumé' end
      from (select upper(epci_of.code) as code) g
      left join reference.epci_year y on y.year = epci_of.year
      left join reference.commune_epci m on m.commune = g.code and m.years @> epci_of.year
      left join reference.epci e on e.siren = m.epci and e.years @> epci_of.year
      left join reference.commune c on c.code = g.code and c.period @> make_date(epci_of.year, 1, 1)
$$;
comment on function reference.epci_of(text, integer) is 'The EPCI of a commune at 1 January of a year. One row; status: lu (read), présumé (2018: no file, 2017 and 2019 agree), sans EPCI (a few islands, and communes that had none yet), inconnu (year not covered, code not in force).';

create function reference.collectivite_of(code text, on_date date)
returns table (collectivite text, name text)
language sql stable parallel safe rows 1 as $$
    select coalesce(k.code, r.departement || 'D'), coalesce(k.name, d.name)
      from reference.commune_resolved(collectivite_of.code, collectivite_of.on_date) r
      join reference.departement d on d.code = r.departement and d.zone <> 'com'
      left join lateral (
           select c.code, c.name
             from reference.collectivite c
            where c.departement = r.departement and c.period @> collectivite_of.on_date
              and (c.epci is null or exists (
                       select from reference.commune_epci m
                        where m.commune = r.commune and m.epci = c.epci
                          and m.years @> extract(year from collectivite_of.on_date)::integer))
            order by c.epci nulls last
            limit 1) k on true
$$;
comment on function reference.collectivite_of(text, date) is 'The body with a département''s powers where a commune lies: 69M or 69D, 20R in Corse, 01D elsewhere. Statistics stay by département.';

create function reference.caf_of(departement text, on_date date)
returns table (name text, verified boolean, note text)
language sql stable parallel safe rows 1 as $$
    select c.name, c.verified, c.note from reference.caf c
     where c.departement = upper(caf_of.departement) and c.period @> caf_of.on_date
     order by c.name
$$;
comment on function reference.caf_of(text, date) is 'The Caf of a département at a date; `verified` false where the sources do not say (Pyrénées-Atlantiques, overseas).';

create function reference.in_zoning(family text, code text, on_date date) returns boolean
language sql stable parallel safe as $$
    with place as (
        select upper(in_zoning.code) as given, r.commune, r.departement, d.zone
          from reference.commune_resolved(in_zoning.code, in_zoning.on_date) r
          join reference.departement d on d.code = r.departement
    ), list as (
        select z.zoning, z.complete, z.geography, p.commune, p.given,
               exists (select from reference.arrondissement_municipal a where a.code = p.given) as is_part
          from place p
          join reference.zoning z
            on z.family = in_zoning.family and z.loaded and z.period @> in_zoning.on_date
           and (p.zone = any (string_to_array(z.scope, ',')) or p.departement = any (string_to_array(z.scope, ',')))
    )
    select case when bool_or(h.holds) then true
                -- A list that is not complete, or speaks of the city only, says nothing of who is not on it.
                when bool_and(l.complete and not l.is_part) then false end
      from list l
      cross join lateral (
           select exists (
                  select
                    from (select l.given as commune where l.is_part
                          union all
                          select b.commune
                            from reference.commune_became(l.commune, in_zoning.on_date, l.geography) b
                           where not l.is_part) c
                    join reference.zoning_commune m on m.commune = c.commune and m.zoning = l.zoning) as holds) h
$$;
comment on function reference.in_zoning(text, text, date) is 'Whether a commune holds (part of) a zone at a date: true, false, or null where nobody knows — no list is loaded for that date and place, or the list is incomplete and lacks the commune.';

create function reference.commune_passage(from_date date, to_date date)
returns table (from_code text, to_code text, n_to integer, n_from integer, relation text, share numeric, share_year integer)
language sql stable parallel safe rows 36000 as $$
    with pair as (
        select case when from_date <= to_date then w.origin else w.code end as from_code,
               case when from_date <= to_date then w.code else w.origin end as to_code
          from reference.commune_walk(least(from_date, to_date), greatest(from_date, to_date)) w
    ), counted as (
        select p.from_code, p.to_code,
               (count(*) over (partition by p.from_code))::integer as n_to,
               (count(*) over (partition by p.to_code))::integer as n_from
          from pair p
    ), weighed as (
        -- Populations of the parts, by census year; `nearness` orders the years whose geography has all the parts.
        select c.from_code, c.to_code, v.year, v.population,
               case when count(*) over census = c.n_to
                    then max(abs(v.geography - commune_passage.to_date)) over census * 10000 + v.year end as nearness
          from counted c
          join reference.commune t on t.code = c.to_code and t.period @> commune_passage.to_date
          join reference.commune_population v on v.code = c.to_code and t.period @> v.geography
         where c.n_to > 1
        window census as (partition by c.from_code, v.year)
    ), chosen as (
        select w.*, min(w.nearness) over (partition by w.from_code) as nearest from weighed w
    ), rounded as (
        select h.from_code, h.to_code, h.year,
               round(h.population / nullif(sum(h.population) over whole, 0)::numeric, 12) as share,
               row_number() over (partition by h.from_code order by h.population desc, h.to_code) as place
          from chosen h
         where h.nearness = h.nearest
        window whole as (partition by h.from_code)
    ), shared as (
        -- The largest part takes what rounding left, so that the shares of one commune make exactly 1.
        select r.from_code, r.to_code, r.year,
               case when r.place = 1
                    then 1 - coalesce(sum(r.share) filter (where r.place > 1) over (partition by r.from_code), 0)
                    else r.share end as share
          from rounded r
    )
    select c.from_code, c.to_code, c.n_to, c.n_from,
           case when c.n_to > 1 and c.n_from > 1 then 'many'
                when c.n_to > 1 then 'split'
                when c.n_from > 1 then 'merged'
                when c.from_code = c.to_code then 'same'
                else 'recoded' end,
           case when c.n_to = 1 then 1 else s.share end,
           s.year::integer
      from counted c
      left join shared s on s.from_code = c.from_code and s.to_code = c.to_code
$$;
comment on function reference.commune_passage(date, date) is 'How the communes of one date map to those of another. Grain: one pair. relation: same, recoded, merged (several into one), split (one into several), many (both). share: part of the source''s inhabitants that goes there, 1 unless it is divided, null if no census knows all parts; share_year: that census. Shares are an estimate; the rest is exact.';

create function reference.recast_sum(codes text[], amounts numeric[], from_date date, to_date date)
returns table (commune text, amount numeric, n_sources integer, n_missing integer, estimated boolean, sources text[])
language sql stable parallel safe as $$
    with given as (
        select upper(u.code) as code, sum(u.amount) as amount, count(*) filter (where u.amount is null) as n_null
          from unnest(codes, amounts) u (code, amount)
         group by upper(u.code)
    ), passage as (
        select p.from_code, p.to_code, p.n_to, p.share
          from reference.commune_passage(recast_sum.from_date, recast_sum.to_date) p
        union all
        select a.code, a.code, 1, 1 from reference.arrondissement_municipal a
    )
    select p.to_code,
           case when count(*) filter (where g.n_null > 0 or (p.to_code is not null and p.share is null)) = 0
                then sum(g.amount * coalesce(p.share, 1)) end,
           count(*)::integer,
           (count(*) filter (where g.n_null > 0 or (p.to_code is not null and p.share is null)))::integer,
           coalesce(bool_or(p.n_to > 1), false),
           array_agg(g.code order by g.code)
      from given g
      left join passage p on p.from_code = g.code
     group by p.to_code
     order by p.to_code nulls last
$$;
comment on function reference.recast_sum(text[], numeric[], date, date) is 'Recasts totals by commune (never rates or means) from the geography of one date into another''s. Amounts of one code are added up; what was merged is added, what was divided is shared out by inhabitants and `estimated`. A missing amount makes the result null and is counted. Codes that no commune bears at `from_date` come back in one row whose commune is null: the total is kept.';

create function reference.recast_class(codes text[], classes text[], from_date date, to_date date)
returns table (commune text, class text, largest_class text, agreed boolean, n_sources integer, n_missing integer, sources text[])
language sql stable parallel safe as $$
    with given as (
        select upper(u.code) as code, min(u.class) as class, count(distinct u.class) as n_classes
          from unnest(codes, classes) u (code, class)
         group by upper(u.code)
    ), passage as (
        select p.from_code, p.to_code, p.n_from, p.share
          from reference.commune_passage(recast_class.from_date, recast_class.to_date) p
        union all
        select a.code, a.code, 1, 1 from reference.arrondissement_municipal a
    ), weighed as (
        select g.code, case when g.n_classes = 1 then g.class end as class, p.to_code, p.n_from,
               v.population * p.share as inhabitants
          from given g
          left join passage p on p.from_code = g.code
          left join lateral (
               select n.population
                 from reference.commune c
                 join reference.commune_population n on n.code = c.code and c.period @> n.geography
                where c.code = g.code and c.period @> recast_class.from_date
                order by abs(n.geography - recast_class.from_date), n.year
                limit 1) v on p.n_from > 1
    ), by_class as (
        select w.to_code, w.class, sum(w.inhabitants) as inhabitants,
               bool_and(w.inhabitants is not null) as known
          from weighed w group by w.to_code, w.class
    ), largest as (
        -- No largest class if one is unknown or two are equal.
        select b.to_code,
               case when bool_and(b.known) and count(b.class) = count(*)
                     and count(*) filter (where b.inhabitants = b.most) = 1
                    then min(b.class) filter (where b.inhabitants = b.most) end as class
          from (select x.*, max(x.inhabitants) over (partition by x.to_code) as most from by_class x) b
         group by b.to_code
    ), result as (
        select w.to_code, count(*)::integer as n_sources,
               (coalesce(max(w.n_from), count(*)) - count(w.class))::integer as n_missing,
               count(distinct w.class) as n_classes, min(w.class) as class,
               array_agg(w.code order by w.code) as sources
          from weighed w group by w.to_code
    )
    select r.to_code,
           case when a.agreed then r.class end,
           case when a.agreed then r.class when r.to_code is not null and r.n_missing = 0 then l.class end,
           a.agreed, r.n_sources, r.n_missing, r.sources
      from result r
      left join largest l on l.to_code = r.to_code
      cross join lateral (
           select r.to_code is not null and r.n_missing = 0 and r.n_classes = 1 as agreed) a
     order by r.to_code nulls last
$$;
comment on function reference.recast_class(text[], text[], date, date) is 'Recasts a typology by commune (rural, in a QPV, size class) from one geography into another. class: where all sources have the same one; else null, and largest_class is that of most inhabitants, null if that is not known. A source without a class, or with two, is counted as missing and keeps `agreed` false. Unknown codes come back in one row whose commune is null.';

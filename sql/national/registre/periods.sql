-- grain      : one structure × attribute or agrément × period, of the structures that the snapshot names or named before
-- reads      : national.unit, national.observation, codebook.variable, register.agrements, register.snapshot
-- replaces   : register.structure, register.snapshot, register.attribute, register.agrement: of those structures, from the snapshots of all territories and data years
-- parameters : collection, territory, data_year
--
-- One load of the register at a time, until it commits: two that share a structure would each compute its periods
-- without the other's snapshot. The statements after the lock see what the one before committed.
select pg_advisory_xact_lock(hashtextextended('register', 0));
delete from register.attribute
 where structure_id in (select unnest(register.touched(%(collection)s, %(data_year)s, %(territory)s)));
delete from register.agrement
 where structure_id in (select unnest(register.touched(%(collection)s, %(data_year)s, %(territory)s)));
insert into register.structure (structure_id, first_year, last_year)
select unit_id, min(data_year), max(data_year)
  from national.unit
 where collection = %(collection)s
   and unit_id in (select unnest(register.touched(%(collection)s, %(data_year)s, %(territory)s)))
 group by unit_id
    on conflict (structure_id) do update set first_year = excluded.first_year, last_year = excluded.last_year;
insert into register.attribute (structure_id, attribute, value, period)
select unit_id, variable, value, daterange(make_date(min(data_year), 1, 1), make_date(max(data_year) + 1, 1, 1))
  from (
    select unit_id, variable, value, data_year,
           data_year - row_number() over (partition by unit_id, variable, value order by data_year) as island
      from (
        -- Two territories that deliver one structure about one year are brought to one by the first of them.
        select distinct on (o.unit_id, o.variable, o.data_year)
               o.unit_id, o.variable, o.data_year, coalesce(o.code, o.text, o.number::text) as value
          from national.observation o
          join codebook.variable v
            on v.collection = o.collection and v.variable = o.variable and v.dated = 'attribute'
         where o.collection = %(collection)s and coalesce(o.code, o.text, o.number::text) is not null
           and o.unit_id in (select unnest(register.touched(%(collection)s, %(data_year)s, %(territory)s)))
         order by o.unit_id, o.variable, o.data_year, o.territory
      ) said
  ) numbered
 group by unit_id, variable, value, island;
insert into register.agrement (structure_id, kind, period, first_stated, last_stated, cut_by)
select structure_id, kind, period, first_stated, last_stated, cut_by
  -- A subquery, so that the structures are looked up once and not for each row (seen: 5 s against 0.1 s).
  from register.agrements((select register.touched(%(collection)s, %(data_year)s, %(territory)s)))
 where not isempty(period);
delete from register.snapshot
 where data_year = %(data_year)s and territory = %(territory)s;
insert into register.snapshot (data_year, territory, structure_id)
select data_year, territory, unit_id
  from national.unit
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s;
delete from register.structure s
 where not exists (select from register.snapshot n where n.structure_id = s.structure_id)

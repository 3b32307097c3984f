-- grain      : what follows from the shipped territories: one département × region × period, one alias, one moved code
-- reads      : reference.departement, reference.region, reference.commune, reference.commune_movement, reference.commune_successor, reference.commune_alias, reference.commune_population
-- replaces   : nothing; adds to reference.departement_region, reference.commune_alias, reference.commune_moved, reference.commune_population (emptied before by reference/clear_territories)
-- parameters : none
--
-- A region with two names in a row (Centre, Centre-Val de Loire) is one region, hence the union of its periods. A region that
-- exists before and after 2016 with the same code gives one period.
insert into reference.departement_region (departement, region, valid_from, valid_to)
select p.departement, p.region, min(p.first_day), nullif(max(p.end_day), 'infinity')
  from (select d.code as departement, r.code as region, greatest(r.valid_from, a.valid_from) as first_day,
               least(coalesce(r.valid_to + 1, 'infinity'), a.valid_to) as end_day
          from reference.departement d
          cross join lateral (values (d.region_1970, date '-infinity', date '2016-01-01'),
                                     (d.region_2016, date '2016-01-01', date 'infinity'))
                                     as a (region, valid_from, valid_to)
          join reference.region r on r.code = a.region) p
 where p.first_day < p.end_day
 group by p.departement, p.region;
-- Communes associées and déléguées that appear in the movements and bear a code of their own.
insert into reference.commune_alias (code, commune, as_of, kind, note)
select distinct on (m.code_before) m.code_before, m.code_after, m.effective, 'commune associée ou déléguée', m.name_before
  from reference.commune_movement m
  join reference.commune c on c.code = m.code_after and c.period @> m.effective
 where m.type_after = 'COM' and m.code_before <> m.code_after
   and not exists (select from reference.commune b where b.code = m.code_before)
 order by m.code_before, m.effective desc, m.code_after
    on conflict (code) do nothing;
insert into reference.commune_moved (code, departement, valid_from)
select s.code, n.departement, s.ended
  from reference.commune_successor s
  join reference.commune c on c.code = s.code and c.valid_from = s.valid_from
  join reference.commune n on n.code = s.successor and n.period @> s.ended
 where n.departement <> c.departement;
insert into reference.commune_moved (code, departement, valid_from)
select a.code, c.departement, a.as_of
  from reference.commune_alias a
  join reference.commune c on c.code = a.commune and c.period @> a.as_of
 where c.departement <> left(a.code, case when a.code like '97%%' then 3 else 2 end);
-- A commune nouvelle that no file of a census knows in the extent that it began with: the sum of its parts.
insert into reference.commune_population (code, year, geography, population)
select t.code, v.year, t.valid_from, sum(v.population)
  from reference.commune t
  join reference.commune_successor s on s.successor = t.code and s.ended = t.valid_from
  join reference.commune p on p.code = s.code and p.valid_from = s.valid_from
  join reference.commune_population v on v.code = p.code and p.period @> v.geography
 where not exists (
           select from reference.commune_population k
            where k.code = t.code and k.year = v.year and t.period @> k.geography)
 group by t.code, t.valid_from, v.year
having bool_and(s.parts = 1)
   and count(*) = (
           select count(*) from reference.commune_successor e where e.successor = t.code and e.ended = t.valid_from);
-- Bulk loads in this transaction would otherwise be planned without statistics.
select reference.renew_statistics()

-- grain      : one area that some territories are, or were, part of
-- reads      : indicator.part
-- replaces   : nothing; fills the temporary table touched anew, and leaves in membership what it names
-- parameters : collection, data_year, territories, departements
--
-- The départements are those that the territories had parts of before; those of now are in the temporary table unit.
delete from touched;
insert into touched
select level, area from membership where departement = any (%(departements)s)
union
select m.level, m.area
  from unit u
  join membership m using (departement)
 where u.data_year = %(data_year)s and u.territory = any (%(territories)s)
union
select 'epci', category from category where breakdown = 'epci' and category <> 'inconnu'
union
select 'epci', epci
  from indicator.part
 where collection = %(collection)s and data_year = %(data_year)s and departement = any (%(departements)s)
   and territory = any (%(territories)s) and epci <> '';
delete from membership m
 where not exists (select from touched t where t.level = m.level and t.area = m.area);
analyze touched;
analyze membership

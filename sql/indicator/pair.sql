-- grain      : one unit in scope of one population and one département in a data year and in the one before
-- reads      : nothing but the tables of the refresh
-- replaces   : nothing; adds to the temporary table pair
-- parameters : data_year
--
-- In one département in both: what a territory's share rests on is then its own, and no other's. Reads the temporary
-- table unit.
insert into pair
select n.unit_no, b.unit_no
  from unit n
  join unit b on b.unit_id = n.unit_id and b.population = n.population and b.departement = n.departement
 where n.data_year = %(data_year)s and b.data_year = %(data_year)s - 1;
analyze unit;
analyze measure;
analyze pair

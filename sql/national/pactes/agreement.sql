-- grain      : one agreement of one territory in one data year
-- reads      : national.unit, national.observation
-- replaces   : pact.agreement, for that territory and data year; empties pact.review, pact.commitment, pact.measure, pact.objective, pact.agrement, pact.centre, pact.signatory, pact.version for them
-- parameters : collection, territory, data_year
--
-- The first of the collection's derivations: the others add to what it has emptied, in the order of their foreign keys.
delete from pact.review where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.commitment where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.measure where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.objective where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.agrement where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.centre where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.signatory where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.version where data_year = %(data_year)s and territory = %(territory)s;
delete from pact.agreement where data_year = %(data_year)s and territory = %(territory)s;
insert into pact.agreement
    (data_year, territory, agreement_id, label, departement, area, quarters, begins, ends, stated_total)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       max(o.text) filter (where o.variable = 'libelle'),
       nullif(u.departement, 'ZZ'),
       max(o.text) filter (where o.variable = 'territoire'),
       max(o.text) filter (where o.variable = 'quartiers'),
       (max(o.text) filter (where o.variable = 'debut'))::date,
       (max(o.text) filter (where o.variable = 'fin'))::date,
       max(o.number) filter (where o.variable = 'montant_total')
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'convention'
 group by u.data_year, u.territory, u.unit_id, u.departement

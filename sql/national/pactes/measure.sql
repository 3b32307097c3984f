-- grain      : one measure of one objective
-- reads      : national.unit, national.observation
-- replaces   : nothing; adds to pact.measure (emptied before by national/pactes/agreement)
-- parameters : collection, territory, data_year
insert into pact.measure
    (data_year, territory, agreement_id, objective, measure, label, state, due)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       max(o.text) filter (where o.variable = 'objectif'),
       max(o.text) filter (where o.variable = 'mesure'),
       max(o.text) filter (where o.variable = 'libelle_mesure'),
       max(o.code) filter (where o.variable = 'etat_mesure'),
       (max(o.text) filter (where o.variable = 'echeance'))::date
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'mesure'
 group by u.data_year, u.territory, u.unit_id

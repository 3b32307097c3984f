-- grain      : one funder × centre × purpose × year funded of one agreement
-- reads      : national.unit, national.observation
-- replaces   : nothing; adds to pact.commitment (emptied before by national/pactes/agreement)
-- parameters : collection, territory, data_year
insert into pact.commitment
    (data_year, territory, agreement_id, siren, structure_id, purpose, year, version, for_quarters, initial,
     promised, notified, paid)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       max(o.text) filter (where o.variable = 'siren'),
       max(o.text) filter (where o.variable = 'structure_id'),
       max(o.code) filter (where o.variable = 'objet'),
       max(o.number) filter (where o.variable = 'annee'),
       max(o.number) filter (where o.variable = 'version'),
       max(o.code) filter (where o.variable = 'pour_qpv') = 'oui',
       max(o.number) filter (where o.variable = 'montant_initial'),
       max(o.number) filter (where o.variable = 'montant_promis'),
       max(o.number) filter (where o.variable = 'montant_notifie'),
       max(o.number) filter (where o.variable = 'montant_verse')
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'engagement'
 group by u.data_year, u.territory, u.unit_id

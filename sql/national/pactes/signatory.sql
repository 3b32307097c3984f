-- grain      : one signatory of one agreement
-- reads      : national.unit, national.observation
-- replaces   : nothing; adds to pact.signatory (emptied before by national/pactes/agreement)
-- parameters : collection, territory, data_year
insert into pact.signatory
    (data_year, territory, agreement_id, siren, name, kind, role, stated_total)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       max(o.text) filter (where o.variable = 'siren'),
       max(o.text) filter (where o.variable = 'nom_signataire'),
       max(o.code) filter (where o.variable = 'nature'),
       max(o.code) filter (where o.variable = 'role'),
       max(o.number) filter (where o.variable = 'total_promis')
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'signataire'
 group by u.data_year, u.territory, u.unit_id

-- grain      : one version of one agreement
-- reads      : national.unit, national.observation
-- replaces   : nothing; adds to pact.version (emptied before by national/pactes/agreement)
-- parameters : collection, territory, data_year
insert into pact.version
    (data_year, territory, agreement_id, version, signed, effective, subject)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       max(o.number) filter (where o.variable = 'version'),
       (max(o.text) filter (where o.variable = 'date_signature'))::date,
       (max(o.text) filter (where o.variable = 'date_effet'))::date,
       max(o.text) filter (where o.variable = 'objet_version')
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'version'
 group by u.data_year, u.territory, u.unit_id

-- grain      : one review of one agreement
-- reads      : national.unit, national.observation
-- replaces   : nothing; adds to pact.review (emptied before by national/pactes/agreement)
-- parameters : collection, territory, data_year
insert into pact.review
    (data_year, territory, agreement_id, on_day, state, conclusion)
select u.data_year, u.territory,
       max(o.text) filter (where o.variable = 'convention'),
       (max(o.text) filter (where o.variable = 'date_revue'))::date,
       max(o.code) filter (where o.variable = 'etat_revue'),
       max(o.text) filter (where o.variable = 'conclusion')
  from national.unit u
  join national.observation o using (collection, data_year, territory, unit_id)
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s
   and u.population = 'revue'
 group by u.data_year, u.territory, u.unit_id

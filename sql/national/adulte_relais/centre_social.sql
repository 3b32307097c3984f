-- grain      : one post of one territory in one data year
-- reads      : national.unit, national.observation, reference.avs_place
-- replaces   : nothing; adds the variable centre_social to national.observation (emptied before)
-- parameters : collection, territory, data_year
--
-- Whether the employer is a centre social or an EVS, and how we know. By SIRET: the SIRET stands in the list of
-- real places and is not a public body's (SIREN beginning by 1 or 2: a commune's SIRET would make all of its posts
-- centres sociaux). By name: the name says so and is not a federation's or a union's. Our choice of rule.
insert into national.observation (collection, data_year, territory, unit_id, variable, code, status)
select u.collection, u.data_year, u.territory, u.unit_id, 'centre_social',
       case when exists (
                select from reference.avs_place p
                 where p.siret_valid and p.siret = s.text and left(p.siret, 1) not in ('1', '2'))
            then 'siret'
            when n.folded ~ '\m(centres? (sociaux|social|socio[- ]?(culturel|educatif)s?)|espaces? de vie sociale|e\.?v\.?s\.?|c\.?s\.?c\.?)\M'
             and n.folded !~ '\m(federation|union)\M'
            then 'nom'
            else 'non' end,
       'derived'
  from national.unit u
  left join national.observation s
         on s.collection = u.collection and s.data_year = u.data_year
        and s.territory = u.territory and s.unit_id = u.unit_id
        and s.variable = 'siret_employeur'
  left join national.observation r
         on r.collection = u.collection and r.data_year = u.data_year
        and r.territory = u.territory and r.unit_id = u.unit_id
        and r.variable = 'raison_sociale'
  cross join lateral (
         select translate(lower(coalesce(r.text, '')), 'àâäçéèêëîïôöùûü', 'aaaceeeeiioouuu') as folded) n
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s

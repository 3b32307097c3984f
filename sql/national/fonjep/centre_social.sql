-- grain      : one post of one territory in one data year
-- reads      : national.unit, national.observation, reference.avs_place
-- replaces   : nothing; adds the variable centre_social to national.observation (emptied before)
-- parameters : collection, territory, data_year
--
-- Whether the employer is a centre social or an EVS, and how we know. The files hold no SIRET, so by name only.
-- By list: the name, without case, accents and punctuation, is that of a real place of the same département.
-- By name: the name says so and is not a federation's or a union's. Our choice of rule.
insert into national.observation (collection, data_year, territory, unit_id, variable, code, status)
select u.collection, u.data_year, u.territory, u.unit_id, 'centre_social',
       case when n.folded ~ '\m(fed|federation|union)\M' then 'non'
            when l.place is not null then 'liste'
            when n.folded ~ '\m(centres? (sociaux|social|socio[- ]?(culturel|educatif)s?)|espaces? de vie sociale|e\.?v\.?s\.?|c\.?s\.?c\.?)\M'
            then 'nom'
            else 'non' end,
       'derived'
  from national.unit u
  left join national.observation r
         on r.collection = u.collection and r.data_year = u.data_year
        and r.territory = u.territory and r.unit_id = u.unit_id
        and r.variable = 'raison_sociale'
  cross join lateral (
         select translate(lower(coalesce(r.text, '')), 'àâäçéèêëîïôöùûüÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ',
                          'aaaceeeeiioouuuaaaceeeeiioouuu') as folded) n
  left join (
         select distinct departement,
                regexp_replace(translate(lower(name), 'àâäçéèêëîïôöùûüÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ',
                                         'aaaceeeeiioouuuaaaceeeeiioouuu'), '[^a-z0-9]+', '', 'g') as place
           from reference.avs_place) l
         on l.departement = u.departement and l.place = regexp_replace(n.folded, '[^a-z0-9]+', '', 'g')
        and l.place not in ('', 'centresocial', 'centresocialetculturel', 'centresocioculturel')
 where u.collection = %(collection)s and u.data_year = %(data_year)s and u.territory = %(territory)s

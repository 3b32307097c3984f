-- grain      : one structure of the register in a territory's départements
-- reads      : reference.perimeter
-- replaces   : nothing
-- parameters : collection, territory, data_year
select structure_id, name, departement, in_scope, population
  from reference.perimeter
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
 order by structure_id

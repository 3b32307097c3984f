-- grain      : one territory of the year before that shares a département with a territory, or has its code
-- reads      : reference.campaign_departement, department.delivery
-- replaces   : nothing
-- parameters : collection, territory, data_year
select d.territory, d.fingerprint, d.records
  from department.delivery d
 where d.collection = %(collection)s and d.data_year = %(data_year)s - 1
   and (d.territory = %(territory)s
        or exists (select 1
                     from reference.campaign_departement now
                     join reference.campaign_departement before
                       on before.collection = now.collection and before.departement = now.departement
                      and before.data_year = now.data_year - 1
                    where now.collection = %(collection)s and now.data_year = %(data_year)s
                      and now.territory = %(territory)s and before.territory = d.territory))
 order by d.territory

-- grain      : one row: what a territory's result depends on beside its own export, codebook and rules
-- reads      : reference.campaign_departement, department.delivery, reference.shipped_file
-- replaces   : nothing
-- parameters : collection, territory, data_year, register_collection
select coalesce((
           select string_agg(distinct d.fingerprint, ' ' order by d.fingerprint)
             from reference.campaign_departement own
             join reference.campaign_departement c
               on c.collection = %(register_collection)s and c.data_year = own.data_year
              and c.departement = own.departement
             join department.delivery d
               on d.collection = c.collection and d.data_year = c.data_year and d.territory = c.territory
            where own.collection = %(collection)s and own.data_year = %(data_year)s
              and own.territory = %(territory)s), '') as register,
       coalesce((
           select string_agg(perimeter || departement, ' ' order by departement)
             from reference.campaign_departement
            where collection = %(collection)s and data_year = %(data_year)s
              and territory = %(territory)s), '') as perimeter,
       coalesce((select string_agg(sha256, ' ' order by name) from reference.shipped_file), '') as shipped

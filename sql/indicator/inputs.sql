-- grain      : one row: what the cells of a data year depend on, and what they were last computed from
-- reads      : department.delivery, codebook.collection, indicator.basis
-- replaces   : nothing
-- parameters : collection, data_year
select coalesce((
           select string_agg(territory || ' ' || fingerprint, ' ' order by territory)
             from department.delivery
            where collection = %(collection)s and data_year = %(data_year)s), '') as deliveries,
       (select version from codebook.collection where collection = %(collection)s) as codebook,
       (select basis from indicator.basis
         where collection = %(collection)s and data_year = %(data_year)s) as basis

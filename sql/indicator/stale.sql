-- grain      : one territory that has, or had, a share of a data year's figures
-- reads      : department.delivery, national.unit, indicator.basis
-- replaces   : nothing
-- parameters : collection, data_year
--
-- Its share depends on what is loaded of it and, for evolution and imputation, of the territories that asked its
-- départements the year before.
with place as (
    select distinct data_year, territory, departement
      from national.unit
     where collection = %(collection)s and data_year in (%(data_year)s, %(data_year)s - 1)
), former as (
    select h.territory, array_agg(distinct b.territory order by b.territory) as territories
      from place h
      join place b on b.departement = h.departement and b.data_year = %(data_year)s - 1
     where h.data_year = %(data_year)s
     group by h.territory
), delivered as (
    select data_year, territory, fingerprint
      from department.delivery
     where collection = %(collection)s and data_year in (%(data_year)s, %(data_year)s - 1)
), noted as (
    select territory, inputs, former_inputs, method, departements
      from indicator.basis
     where collection = %(collection)s and data_year = %(data_year)s
)
select territory, d.fingerprint is not null as loaded, coalesce(f.territories, '{}') as former,
       coalesce(d.fingerprint, '') as inputs,
       array_to_string(array(select b.territory || ' ' || b.fingerprint
                               from delivered b
                              where b.data_year = %(data_year)s - 1 and b.territory = any (f.territories)
                              order by 1), ' ') as former_inputs,
       n.inputs as noted_inputs, n.former_inputs as noted_former_inputs, n.method as noted_method, coalesce(n.departements, '{}') as departements
  from (select territory, fingerprint from delivered where data_year = %(data_year)s) d
  full join noted n using (territory)
  left join former f using (territory)
 order by territory

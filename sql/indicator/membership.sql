-- grain      : one département × area that it is part of, in one data year
-- reads      : reference.departement_region, reference.campaign_departement, department.delivery, national.unit
-- replaces   : nothing; fills the temporary table membership anew
-- parameters : collection, data_year
--
-- Areas are those of the last day of the data year; `region_today` those of now, in years whose regions are others. One
-- is complete when every département of it is loaded. What lies in no region (an overseas collectivity; ZZ, for a unit of no known département) is the region
-- ZZ, so that the départements and the regions of a complete whole add up to it.
delete from membership;
insert into membership
with loaded as (
    select c.departement
      from reference.campaign_departement c
      join department.delivery l using (collection, data_year, territory)
     where c.collection = %(collection)s and c.data_year = %(data_year)s
), of_the_time as (
    select departement, region from reference.departement_region where period @> reference.geography_date(%(data_year)s)
), of_now as (
    select departement, region from reference.departement_region where valid_to is null
), mapped as (
    select departement, region, 'region' as level from of_the_time
    union all
    select departement, region, 'region_today'
      from of_now
     where exists (select * from of_now except select * from of_the_time)
), complete as (
    select level, region, bool_and(departement in (select departement from loaded)) as is_complete
      from mapped
     group by level, region
), whole as (
    select bool_and(is_complete) as is_complete from complete where level = 'region'
), known as (
    select departement from mapped
    union
    select departement from loaded
    union
    select departement from national.unit where collection = %(collection)s and data_year = %(data_year)s
)
select departement, 'departement', departement, true from known
union all
select k.departement, l.level, coalesce(m.region, 'ZZ'), coalesce(c.is_complete, w.is_complete)
  from known k
 cross join (select distinct level from mapped) l
 cross join whole w
  left join mapped m on m.departement = k.departement and m.level = l.level
  left join complete c on c.level = m.level and c.region = m.region
union all
select k.departement, s.level, s.area, s.is_shown
  from known k
 cross join whole w
 cross join lateral (values ('france', 'FR', w.is_complete), ('surveyed', '*', not w.is_complete)) s (level, area, is_shown)

-- grain      : one structure of a vintage's perimeter
-- reads      : publication.structure
-- replaces   : nothing
-- parameters : vintage_no
select population, departement, commune, name
  from publication.structure
 where vintage_no = %(vintage_no)s
 order by departement, commune, name, structure_id

-- grain      : one area of a vintage, shown or not
-- reads      : publication.area
-- replaces   : nothing
-- parameters : vintage_no
select level, area, label, shown as complete, departements
  from publication.area
 where vintage_no = %(vintage_no)s
 order by level, area

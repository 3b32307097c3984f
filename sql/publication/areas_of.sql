-- grain      : one area of a vintage
-- reads      : publication.area
-- replaces   : nothing
-- parameters : vintage_no
select level, area, label, held_by_level, held_by_area
  from publication.area
 where vintage_no = %(vintage_no)s and shown
 order by array_position(array['france', 'surveyed', 'region', 'region_today', 'departement'], level), area

-- grain      : one area of a vintage
-- reads      : nothing
-- replaces   : nothing; adds to publication.area
-- parameters : vintage_no, levels, areas, labels, held_by_levels, held_by_areas
insert into publication.area (vintage_no, level, area, label, held_by_level, held_by_area)
select %(vintage_no)s, x.*
  from unnest(%(levels)s::text[], %(areas)s::text[], %(labels)s::text[], %(held_by_levels)s::text[], %(held_by_areas)s::text[]) x

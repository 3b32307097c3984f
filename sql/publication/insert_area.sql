-- grain      : one area of a vintage
-- reads      : nothing
-- replaces   : nothing; adds to publication.area
-- parameters : vintage_no, level, area, label, shown, departements, held_by_level, held_by_area
insert into publication.area (vintage_no, level, area, label, shown, departements, held_by_level, held_by_area)
values (%(vintage_no)s, %(level)s, %(area)s, %(label)s, %(shown)s, %(departements)s, %(held_by_level)s, %(held_by_area)s)

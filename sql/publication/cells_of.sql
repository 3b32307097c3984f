-- grain      : one sum of a vintage
-- reads      : publication.cell
-- replaces   : nothing
-- parameters : vintage_no
select quantity, population, level, area, breakdown, category, value, weight, reason, below, above, lower, upper, is_whole, knower,
       hidden
  from publication.cell
 where vintage_no = %(vintage_no)s
 order by quantity, population, level, area, breakdown, category

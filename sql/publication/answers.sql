-- grain      : one unit of a vintage; one unit × indicator that it gives something to
-- reads      : codebook.indicator
-- replaces   : nothing; adds to publication.unit and publication.answer
-- parameters : collection, data_year, vintage_no
--
-- Reads the temporary tables unit, unit_category, category, figure and measure (indicator/measure, indicator/unit_category).
insert into publication.unit (vintage_no, unit_no, unit_id, population, departement, manager, categories)
select %(vintage_no)s, u.unit_no, u.unit_id, u.population, u.departement, u.manager_key,
       array(select c.breakdown || '=' || c.category
               from unit_category o
               join category c using (category_no)
              where o.unit_no = u.unit_no and c.breakdown <> 'epci'
              order by 1)
  from unit u
 where u.data_year = %(data_year)s;
insert into publication.answer (vintage_no, unit_no, indicator, value, weight)
select %(vintage_no)s, m.unit_no, f.indicator, m.value, m.weight
  from measure m
  join figure f using (figure_no)
  join unit u using (unit_no)
  join codebook.indicator i on i.collection = %(collection)s and i.indicator = f.indicator
 where u.data_year = %(data_year)s and m.in_base and m.answered and (f.is_sum or i.where_variable is not null)

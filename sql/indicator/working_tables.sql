-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; makes the tables that one refresh works with, gone when its transaction ends
-- parameters : none
--
-- figure: one indicator × population. unit: one unit in scope × data year (this one, and the one before for evolution and
-- imputation). measure: what one unit says to one figure. item: the same, with everything by its name. category: one
-- category of a breakdown; unit_category: one unit × breakdown. membership: one département × area that it is part of;
-- area_of: of these, the areas that are complete. touched: one area whose figures are computed again. cell_now: its figures
-- as they are to be; cell_before: those that were other.
-- Numbers in place of names: grouping three million rows by names took three times as long.
create temporary table figure (
    figure_no integer, indicator text, population text, statistic text, is_sum boolean, breakdowns text[]
) on commit drop;
create temporary table unit (
    unit_no integer, place_no integer, data_year smallint, territory text, departement text, unit_id text, population text,
    manager text, manager_key bigint, responded boolean
) on commit drop;
create temporary table measure (
    unit_no integer, figure_no integer, in_base boolean, answered boolean, corrected boolean, value numeric, weight numeric
) on commit drop;
create temporary view item as
select u.data_year, u.territory, u.departement, u.unit_id, u.population, f.indicator, f.statistic, u.manager, u.responded,
       m.in_base, m.answered, m.corrected, m.value, m.weight
  from measure m
  join unit u using (unit_no)
  join figure f using (figure_no);
create temporary table category (
    category_no integer, breakdown text, category text
) on commit drop;
create temporary table unit_category (
    unit_no integer, category_no integer
) on commit drop;
create temporary table membership (
    departement text, level text, area text, complete boolean
) on commit drop;
create temporary view area_of as
select departement, level, area from membership where complete;
create temporary table touched (
    level text, area text, primary key (level, area)
) on commit drop;
create temporary table cell_now (like indicator.cell) on commit drop;
create temporary table cell_before (like indicator.cell) on commit drop

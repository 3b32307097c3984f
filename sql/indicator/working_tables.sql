-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; makes the tables that one refresh works with, gone when its transaction ends
-- parameters : none
--
-- figure: one indicator × population. shown: the same × population that it is told of. series: the same by each category, with
-- the numbers of what is summed and of what is told. unit: one unit in scope × data year
-- (this one, and the one before for evolution and imputation); pair: one in both. measure: what one unit says to one
-- figure. stratum: the units of one population and département that are members of the federation, are not, or of which
-- it is not known, × figure: how many, what they said (y, x: sums of values and weights; yy, yx, xx: of their products),
-- and the pool that they are estimated in. category: one category of a breakdown; unit_category: one unit × breakdown.
-- membership: one département × area that it is part of; area_of: of these, the areas that are complete. touched: one area
-- whose figures are computed again. part_now: the parts as they are to be. cell_now: its figures as they are to be; cell_before: those that were other.
-- Numbers in place of names: grouping three million rows by names took three times as long.
create temporary table figure (
    figure_no integer, indicator text, population text, statistic text, is_sum boolean, breakdowns text[]
) on commit drop;
create temporary table shown (
    indicator text, statistic text, population text, shown_as text
) on commit drop;
create temporary table unit (
    unit_no integer, place_no integer, data_year smallint, territory text, departement text, unit_id text, population text,
    federated text, manager_key bigint, manager_no integer, responded boolean
) on commit drop;
create temporary table pair (
    unit_no integer, unit_no_before integer
) on commit drop;
create temporary table measure (
    unit_no integer, figure_no integer, in_base boolean, answered boolean, corrected boolean, value numeric, weight numeric
) on commit drop;
create temporary table stratum (
    place_no integer, figure_no integer, federated text, pool text, covered boolean, n_scope bigint, n_responded bigint,
    n_base bigint, n_item bigint, y numeric, x numeric, yy numeric, yx numeric, xx numeric, least numeric
) on commit drop;
create temporary table series (
    series bigint, figure_no integer, breakdown text, category text, statistic text, series_shown bigint
) on commit drop;
create temporary table category (
    category_no integer, breakdown text, category text
) on commit drop;
create temporary table unit_category (
    unit_no integer, category_no integer, is_epci boolean
) on commit drop;
create temporary table membership (
    departement text, level text, area text, complete boolean
) on commit drop;
create temporary view area_of as
select departement, level, area from membership where complete;
create temporary table touched (
    level text, area text, primary key (level, area)
) on commit drop;
create temporary table part_now (like indicator.part) on commit drop;
create temporary table cell_now (like indicator.stored_cell) on commit drop;
create temporary table cell_before (like indicator.stored_cell) on commit drop

-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; makes the tables that one refresh works with, gone when its transaction ends
-- parameters : none
--
-- item: one unit in scope × indicator × data year (this one, and the one before for evolution and imputation).
-- item_category: one unit × breakdown. area_of: one département × area that it is part of. touched: one area whose
-- figures are computed again. figure_before: one figure that this refresh took away.
create temporary table item (
    data_year smallint, territory text, departement text, unit_id text, population text, indicator text, statistic text,
    manager text, responded boolean, in_base boolean, answered boolean, corrected boolean, value numeric, weight numeric
) on commit drop;
create temporary table item_category (
    territory text, unit_id text, breakdown text, category text
) on commit drop;
create temporary table area_of (
    departement text, level text, area text, complete boolean
) on commit drop;
create temporary table touched (
    level text, area text, primary key (level, area)
) on commit drop;
create temporary table figure_before (
    indicator text, population text, level text, area text, breakdown text, category text, n_scope integer,
    n_responded integer, n_item integer, n_corrected integer, value numeric
) on commit drop

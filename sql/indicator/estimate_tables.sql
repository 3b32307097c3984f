-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; makes the tables that estimates work with, gone when the transaction ends
-- parameters : none
--
-- unit_stratum: whether one unit is a member of the federation. stratum: the units of one population and département
-- that are, are not, or of which it is not known, × figure: what they said (y, x: sums of values and weights; yy, yx, xx:
-- of their products), and the pool that it is estimated in.
create temporary table unit_stratum (
    unit_no integer, federated text
) on commit drop;
create temporary table stratum (
    place_no integer, figure_no integer, federated text, pool text, covered boolean, n_scope bigint, n_responded bigint,
    n_base bigint, n_item bigint, y numeric, x numeric, yy numeric, yx numeric, xx numeric, least numeric
) on commit drop

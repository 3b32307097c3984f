-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; makes the table that estimates work with, gone when the transaction ends
-- parameters : none
--
-- stratum: one stratum of a territory's département × indicator, and the pool that it is estimated in.
create temporary table stratum (
    territory text, departement text, population text, indicator text, federated text, pool text, covered boolean,
    n_scope bigint, n_responded bigint, n_base bigint, n_item bigint
) on commit drop

-- grain      : the transaction
-- reads      : nothing
-- replaces   : nothing; makes the temporary table of the figures that are not told
-- parameters : none
create temporary table hidden_figure (
    level text, area text, series bigint, primary key (level, area, series)
) on commit drop

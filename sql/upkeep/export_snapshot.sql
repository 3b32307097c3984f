-- grain      : one row, the transaction
-- reads      : nothing but the server's catalogues
-- replaces   : nothing
-- parameters : none
select pg_export_snapshot() as snapshot

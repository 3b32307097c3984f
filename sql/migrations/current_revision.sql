-- grain      : one row, the warehouse
-- reads      : alembic_version
-- replaces   : nothing
-- parameters : none
select version_num from alembic_version

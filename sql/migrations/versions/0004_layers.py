"""The department layer (as delivered) and the national layer (harmonised), each replaced by (territory, data year)."""

from senacs.warehouse.revisions import run_sql_of

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

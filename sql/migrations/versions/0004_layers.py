"""The department layer and the national layer."""

from senacs.warehouse.revisions import run_sql_of

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

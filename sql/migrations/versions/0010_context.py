"""What findings depend on beside the layers."""

from senacs.warehouse.revisions import run_sql_of

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

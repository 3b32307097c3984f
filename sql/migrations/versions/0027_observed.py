"""What a monitor is told."""

from senacs.warehouse.revisions import run_sql_of

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

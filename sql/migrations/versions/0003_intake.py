"""What came in, what was done with it and what was found."""

from senacs.warehouse.revisions import run_sql_of

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

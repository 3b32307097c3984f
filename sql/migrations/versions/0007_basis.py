"""What the cells of a data year were computed from."""

from senacs.warehouse.revisions import run_sql_of

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""What people are told, and what became of it."""

from senacs.warehouse.revisions import run_sql_of

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

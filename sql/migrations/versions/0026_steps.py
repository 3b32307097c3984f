"""What each step of a run did and took."""

from senacs.warehouse.revisions import run_sql_of

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

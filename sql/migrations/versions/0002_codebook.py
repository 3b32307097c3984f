"""The declared collections, as the layers use them."""

from senacs.warehouse.revisions import run_sql_of

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""What the house reads of figures: all about one in a row, and what it was made from."""

from senacs.warehouse.revisions import run_sql_of

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

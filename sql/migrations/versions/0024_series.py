"""Names of figures kept once: parts and cells hold a number in their place."""

from senacs.warehouse.revisions import run_sql_of

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""Whom a question is asked of."""

from senacs.warehouse.revisions import run_sql_of

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

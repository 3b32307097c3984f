"""Vintages: what is published is frozen, and nothing else leaves."""

from senacs.warehouse.revisions import run_sql_of

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

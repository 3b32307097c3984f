"""Exports of several sheets."""

from senacs.warehouse.revisions import run_sql_of

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""Pactes de coopération as typed tables."""

from senacs.warehouse.revisions import run_sql_of

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

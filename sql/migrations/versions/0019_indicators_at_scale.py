"""Indicators at full scale: parts, breakdowns, EPCI, regions of today, panels, changes."""

from senacs.warehouse.revisions import run_sql_of

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""The calendar of campaigns: days, decisions, what was done, and where every territory stands."""

from senacs.warehouse.revisions import run_sql_of

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""Territories as dated data: successions, EPCI, Caf, zonings, collection territories."""

from senacs.warehouse.revisions import run_sql_of

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""The query loop: items, replies and events."""

from senacs.warehouse.revisions import run_sql_of

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

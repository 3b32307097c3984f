"""Questions to the dated territories: which code at which date, recasting, zonings."""

from senacs.warehouse.revisions import run_sql_of

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

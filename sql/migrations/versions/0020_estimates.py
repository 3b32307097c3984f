"""Estimates: imputed items, what each territory adds to an estimate, and the estimates of areas."""

from senacs.warehouse.revisions import run_sql_of

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""Roles with the least rights, row-level security by territory, and the record of rights given."""

from senacs.warehouse.revisions import run_sql_of

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

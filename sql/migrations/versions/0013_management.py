"""The kind of management of each structure of the register."""

from senacs.warehouse.revisions import run_sql_of

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

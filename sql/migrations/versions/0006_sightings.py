"""What drop folders showed of files still on their way."""

from senacs.warehouse.revisions import run_sql_of

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

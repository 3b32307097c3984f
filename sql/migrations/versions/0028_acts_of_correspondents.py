"""What correspondents do in the portal."""

from senacs.warehouse.revisions import run_sql_of

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

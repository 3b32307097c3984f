"""The indicator tables and their public face."""

from senacs.warehouse.revisions import run_sql_of

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

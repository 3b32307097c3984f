"""The portal's accounts, sessions and record of acts; what its pages may read, by policy."""

from senacs.warehouse.revisions import run_sql_of

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

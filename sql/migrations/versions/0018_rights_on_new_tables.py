"""Rights on the register over time, response and wide views; figures without refresh."""

from senacs.warehouse.revisions import run_sql_of

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

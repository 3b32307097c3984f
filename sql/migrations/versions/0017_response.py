"""Who is asked, has answered and is usable, by type, management and federation; wide views."""

from senacs.warehouse.revisions import run_sql_of

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

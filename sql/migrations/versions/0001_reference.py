"""Where and who: dated territories, real places, the register, perimeters."""

from senacs.warehouse.revisions import run_sql_of

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

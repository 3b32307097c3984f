"""The register with dated attributes and agréments, recomputed from all its snapshots."""

from senacs.warehouse.revisions import run_sql_of

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""What persons ask for: uploaded exports, reruns, rehearsals."""

from senacs.warehouse.revisions import run_sql_of

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

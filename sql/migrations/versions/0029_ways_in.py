"""Invitations, second factors, tokens, and a provider of OpenID Connect."""

from senacs.warehouse.revisions import run_sql_of

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_of(__file__)

"""A warehouse as an earlier version of the product left it."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from senacs.warehouse.revisions import MIGRATIONS


def migrate(engine: Engine, revision: str) -> None:
    """Bring an empty database to that revision and no further."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()

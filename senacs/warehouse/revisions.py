"""Brings a warehouse to the newest revision of `sql/migrations`, forward only."""

import re
from pathlib import Path

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, inspect

from senacs.errors import WarehouseError
from senacs.warehouse.statements import SQL_FOLDER, execute, fetch

MIGRATIONS = SQL_FOLDER / "migrations"


def newest_revision() -> str:
    """The revision that this version of the product works on."""
    return max(re.split("_", path.stem)[0] for path in (MIGRATIONS / "versions").glob("*.py"))


def current_revision(connection: Connection) -> str | None:
    """The revision of the warehouse; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    rows = fetch(connection, "migrations/current_revision")
    return str(rows[0]["version_num"]) if rows else None


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Run the missing revisions, each in a transaction; the revision before and after.

    Two processes that upgrade at once do it one after the other.

    Raises:
        WarehouseError: the warehouse is newer than this version of the product, or the login may
            not change it.
    """
    target = newest_revision()
    with engine.connect() as connection:
        before = current_revision(connection)
    if before == target:
        return before, target
    if before is not None and before > target:
        raise WarehouseError(
            f"the warehouse is at revision {before}, newer than this version knows ({target}): "
            "use the newer version of senacs"
        )
    try:
        _run_alembic(engine)
    except InsufficientPrivilege as error:
        raise WarehouseError(
            f"the warehouse is at revision {before}, this version works on {target}, and "
            f"{engine.url.username} may not bring it there ({error.diag.message_primary}): let "
            "SENACS_OWNER_DATABASE_URL log in as its owner"
        ) from error
    return before, target


def run_sql_of(revision_file: str) -> None:
    """Run the SQL file that has the name of a revision's Python file.

    On the driver's own connection and without parameters, so that several statements may stand
    in one file and `%` means itself.
    """
    from alembic import op  # noqa: PLC0415 - costs a second: only where a migration runs

    script = (MIGRATIONS / Path(revision_file).name).with_suffix(".sql")
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise WarehouseError("the connection to the warehouse is closed")
    driver.execute(script.read_text(encoding="utf-8"))


def _run_alembic(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - costs a second: only where a migration runs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        execute(connection, "migrations/lock")
        connection.commit()
        try:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        finally:
            execute(connection, "migrations/unlock")
            connection.commit()

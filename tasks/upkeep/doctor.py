"""The health check: every part asked in turn, each answer one line."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from senacs.errors import SenacsError, WarehouseError
from senacs.services import stack
from senacs.settings import Settings
from senacs.warehouse.engine import warehouse_as_owner
from senacs.warehouse.revisions import current_revision
from tasks.upkeep import database, fixity, machine, orchestration
from tasks.upkeep.checks import Check, Progress, silent, wrong


def examine(own: Settings, progress: Progress = silent, *, quick: bool = False) -> Iterator[Check]:
    """Everything that can be asked, in an order in which a cause comes before its effects.

    The embedded PostgreSQL is started where it does not run. Nothing is changed.

    Args:
        own: the settings.
        progress: told how far the archive is read.
        quick: read a sample of the archive.
    """
    settled = list(machine.check_settings(own))
    yield from settled
    yield from machine.check_disk(own)
    yield from machine.check_codebook(own)
    try:
        with stack.database(own, progress=lambda text: progress(text, 0, 0)):
            yield from _warehouse(progress, quick=quick)
            yield from orchestration.check_prefect(own)
    except SenacsError as error:
        yield wrong("services", str(error), "Do what it says, then ask again.")


def _warehouse(progress: Progress, *, quick: bool) -> Iterator[Check]:
    try:
        with warehouse_as_owner().connect() as connection:
            yield from database.check_server(connection)
            yield from database.check_clock(connection)
            yield from database.check_revision(connection)
            if current_revision(connection) is None:
                return
            for name, ask in _OF_A_WAREHOUSE:
                yield from _answered(connection, name, ask)
            yield from _answered(
                connection,
                "archive",
                lambda own: fixity.check_archive(own, progress, quick=quick),
            )
    except WarehouseError as error:
        yield wrong(
            "postgres",
            f"it does not answer: {_first_line(error.__cause__ or error)}",
            "Start it, or set SENACS_DATABASE_URL right.",
        )


_OF_A_WAREHOUSE: tuple[tuple[str, Callable[[Connection], Iterator[Check]]], ...] = (
    ("schemas", database.check_structure),
    ("rights", database.check_rights),
    ("views", database.check_views),
    ("runs", database.check_runs),
)


def _answered(
    connection: Connection, name: str, ask: Callable[[Connection], Iterator[Check]]
) -> Iterator[Check]:
    """The check's lines; one that cannot be asked (a table is gone) is a line of its own."""
    try:
        yield from ask(connection)
    except DBAPIError as error:
        connection.rollback()
        said = _first_line(error.orig or error)
        yield wrong(name, f"it cannot be asked: {said}", "See the lines above.")


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]

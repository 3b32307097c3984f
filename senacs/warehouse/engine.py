"""One SQLAlchemy engine per warehouse, role and process."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache

from psycopg import Connection as DriverConnection
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event

from senacs.services.stack import normalised, owner_url, warehouse_url
from senacs.settings import settings
from senacs.warehouse.lost import lost
from senacs.warehouse.statements import statements

_SESSION = (
    "-c timezone=UTC "
    # A machine that vanishes says no goodbye: its locks would be held for two hours.
    "-c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
)


Begin = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction: leaving it commits, an error takes everything back."""


@cache
def _engine(url: str, *, as_flows: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=4,
        pool_pre_ping=True,
        connect_args={"application_name": "senacs", "options": _SESSION},
    )
    event.listen(engine, "handle_error", _tell_lost)
    if as_flows:
        event.listen(engine, "connect", _become_less)
    return engine


def warehouse() -> Engine:
    """The engine of the warehouse that the settings name (the embedded one by default), for flows.

    Its connections take the flows' role where their login may: they read and write rows, and
    cannot change a table or a right, whoever they logged in as. They raise WarehouseError where
    PostgreSQL cannot be reached, or is no more.

    Raises:
        ServiceError: the embedded PostgreSQL is not running.
        ConfigurationError: the URL is not PostgreSQL's.
    """
    return _engine(warehouse_url(settings()), as_flows=True)


def in_warehouse() -> AbstractContextManager[Connection]:
    """A transaction of the flows; the portal gives its services one of its own in its place."""
    return warehouse().begin()


def warehouse_of_portal() -> Engine:
    """The engine of the portal: its connections take a role for each transaction, and no other way.

    Raises:
        ServiceError: the embedded PostgreSQL is not running.
        ConfigurationError: the URL is not PostgreSQL's.
    """
    url = settings().portal_database_url
    return _engine(
        normalised(url.get_secret_value()) if url else warehouse_url(settings()), as_flows=False
    )


def warehouse_as_owner() -> Engine:
    """The engine for what only the owner may: migrations, partitions, rights, backup, doctor.

    Raises:
        ServiceError: the embedded PostgreSQL is not running.
        ConfigurationError: the URL is not PostgreSQL's.
    """
    return _engine(owner_url(settings()), as_flows=False)


def _tell_lost(context: ExceptionContext) -> None:
    # A connection that is only tried before use is replaced by the pool, in silence.
    unreachable = context.connection is None or context.is_disconnect
    if not isinstance(context.original_exception, Exception):
        return  # Ctrl-C in the middle of a statement: the connection is lost, the server is not
    if unreachable and not context.is_pre_ping:
        raise lost(context.original_exception) from context.original_exception


def _become_less(connection: "DriverConnection[object]", _record: object) -> None:
    """Take the flows' role for the whole session, where it is there and the login may."""
    (statement,) = statements("access/become_flows")
    connection.execute(statement)
    # Not undone by the first rollback.
    connection.commit()

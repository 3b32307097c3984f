"""One SQLAlchemy engine per warehouse and process."""

from functools import cache

from sqlalchemy import Engine, ExceptionContext, create_engine, event

from senacs.errors import WarehouseError
from senacs.services.stack import warehouse_url
from senacs.settings import settings


@cache
def _engine(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=4,
        pool_pre_ping=True,
        connect_args={"application_name": "senacs", "options": "-c timezone=UTC"},
    )
    event.listen(engine, "handle_error", _tell_lost)
    return engine


def warehouse() -> Engine:
    """The engine of the warehouse that the settings name (the embedded one by default).

    Its connections raise WarehouseError where PostgreSQL cannot be reached, or is no more.

    Raises:
        ServiceError: the embedded PostgreSQL is not running.
        ConfigurationError: the URL is not PostgreSQL's.
    """
    return _engine(warehouse_url(settings()))


def lost(error: BaseException) -> WarehouseError:
    """The error to raise where the server is gone: PostgreSQL's own words, and what to do."""
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return WarehouseError(
        f"L'entrepôt PostgreSQL ne répond pas ({said}) : ce qui était chargé reste en place ; "
        "relancez dès qu'il répond."
    )


def _tell_lost(context: ExceptionContext) -> None:
    # A connection that is only tried before use is replaced by the pool, in silence.
    unreachable = context.connection is None or context.is_disconnect
    if unreachable and not context.is_pre_ping:
        raise lost(context.original_exception) from context.original_exception

"""One SQLAlchemy engine per warehouse and process."""

from functools import cache

from sqlalchemy import Engine, create_engine

from senacs.services.stack import warehouse_url
from senacs.settings import settings


@cache
def _engine(url: str) -> Engine:
    return create_engine(
        url,
        pool_size=4,
        pool_pre_ping=True,
        connect_args={"application_name": "senacs", "options": "-c timezone=UTC"},
    )


def warehouse() -> Engine:
    """The engine of the warehouse that the settings name (the embedded one by default).

    Raises:
        ServiceError: the embedded PostgreSQL is not running.
        ConfigurationError: the URL is not PostgreSQL's.
    """
    return _engine(warehouse_url(settings()))

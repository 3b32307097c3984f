"""One run of a territory and data year at a time, held in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from prefect.logging import get_run_logger

from senacs.deliveries import TerritoryYear
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch


@contextmanager
def exclusive(key: TerritoryYear) -> Iterator[None]:
    """Hold the territory's lock; a second run waits until the first ends, or dies.

    PostgreSQL gives the lock back with the connection, so a killed worker blocks nobody.
    """
    with warehouse().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not fetch(connection, "department/try_lock_territory", key=str(key))[0]["locked"]:
            get_run_logger().info("%s is being run by another process: waiting for it", key)
            execute(connection, "department/lock_territory", key=str(key))
        try:
            yield
        finally:
            execute(connection, "department/unlock_territory", key=str(key))

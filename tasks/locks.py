"""One run of a territory and data year at a time, held in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from senacs.deliveries import TerritoryYear
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.run_log import run_logger


@contextmanager
def exclusive(keys: Sequence[TerritoryYear]) -> Iterator[None]:
    """Hold the locks of territories; a second run of one waits until the first ends, or dies.

    PostgreSQL gives the locks back with the connection, so a killed worker blocks nobody.
    """
    with warehouse().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # In one order, so that two campaigns never wait for each other.
        names = sorted(map(str, keys))
        for name in names:
            if not fetch(connection, "department/try_lock_territory", key=name)[0]["locked"]:
                run_logger().info("%s is being run by another process: waiting for it", name)
                execute(connection, "department/lock_territory", key=name)
        try:
            yield
        finally:
            for name in names:
                execute(connection, "department/unlock_territory", key=name)

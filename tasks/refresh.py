"""Recomputes the indicator tables of a data year."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute


@task(name="refresh-cells", cache_policy=NO_CACHE)
def refresh_cells(collection: str, data_year: int) -> int:
    """Replace the cells of a collection's data year, all levels in one statement; how many."""
    with warehouse().begin() as connection:
        execute(connection, "department/plan_in_bulk")
        execute(connection, "indicator/lock")
        return execute(
            connection, "indicator/refresh", collection=collection, data_year=data_year
        ).rowcount


@task(name="refresh-figures", cache_policy=NO_CACHE)
def refresh_figures() -> None:
    """Bring the public face of the cells up to date without blocking its readers."""
    with warehouse().begin() as connection:
        execute(connection, "indicator/lock")
        execute(connection, "indicator/refresh_figure")

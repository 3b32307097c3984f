"""Brings the indicator tables of a data year up to date with what is loaded."""

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.fingerprint import hash_of
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch, statements


@task(name="refresh", cache_policy=NO_CACHE)
def refresh(collection: str, data_year: int) -> int:
    """Replace the cells of a data year, all levels in one statement; how many were written.

    None where nothing they depend on has changed. Cells, their public face and the note of what
    they were computed from change together: a crash leaves the former state, and is noticed.
    """
    with warehouse().begin() as connection:
        execute(connection, "department/plan_in_bulk")
        execute(connection, "indicator/lock")
        noted, basis = _basis(connection, collection, data_year)
        if basis == noted:
            return 0
        cells = execute(
            connection, "indicator/refresh", collection=collection, data_year=data_year
        ).rowcount
        execute(
            connection,
            "indicator/note_basis",
            collection=collection,
            data_year=data_year,
            basis=basis,
        )
    return cells


def _basis(connection: Connection, collection: str, data_year: int) -> tuple[str | None, str]:
    """What the cells were computed from, and what they would be computed from now."""
    inputs = fetch(connection, "indicator/inputs", collection=collection, data_year=data_year)[0]
    computed_by = statements("indicator/refresh")
    return inputs["basis"], hash_of(inputs["deliveries"], inputs["codebook"], *computed_by)

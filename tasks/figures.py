"""What the warehouse says of its figures, for the command line."""

from collections.abc import Mapping
from typing import Any

from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch


def figures(
    collection: str,
    data_year: int,
    *,
    indicator: str | None,
    level: str | None,
    area: str | None,
    breakdown: str | None,
    population: str | None,
) -> list[Mapping[str, Any]]:
    """Figures of a data year with all about them: rows of `report/detail`; None leaves none out."""
    with warehouse().connect() as connection:
        return fetch(
            connection, "report/detail", collection=collection, data_year=data_year,
            indicator=indicator, level=level, area=area, breakdown=breakdown,
            population=population,
        )  # fmt: skip


def sources(collection: str, data_year: int, level: str, area: str) -> list[Mapping[str, Any]]:
    """What the figures of an area were made from: rows of `report/lineage`."""
    with warehouse().connect() as connection:
        return fetch(
            connection, "report/lineage", collection=collection, data_year=data_year,
            level=level, area=area,
        )  # fmt: skip


def changes(
    collection: str, data_year: int, indicator: str | None, area: str | None, most: int
) -> list[Mapping[str, Any]]:
    """How figures changed, the latest first: rows of `report/changes`."""
    with warehouse().connect() as connection:
        return fetch(
            connection, "report/changes", collection=collection, data_year=data_year,
            indicator=indicator, area=area, most=most,
        )  # fmt: skip

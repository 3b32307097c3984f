"""Reads a released vintage, and those of other years beside it: what documents are made of."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from senacs.codebook import load_collection
from senacs.errors import VintageError
from senacs.settings import settings
from senacs.vintages.model import (
    Area,
    Change,
    Edition,
    Figure,
    FigureKey,
    File,
    FrozenFigures,
    Reason,
    Status,
    Structure,
    Vintage,
)
from senacs.warehouse.statements import fetch
from tasks.vintages import vintage_of

EDITIONS = "editions"
"""The folder of the site in which each edition has its own, which never moves."""


def folder_of(vintage: Vintage) -> Path:
    """Where the documents of a vintage lie."""
    return settings().home / "site" / EDITIONS / vintage.name


def newest_vintages(connection: Connection, collection: str) -> list[Vintage]:
    """The newest released vintage of each data year, oldest first."""
    rows = fetch(connection, "publication/newest", collection=collection)
    return [vintage_of(row) for row in rows]


def edition(
    connection: Connection, collection: str, data_year: int, number: int | None = None
) -> Edition:
    """A released vintage with the newest ones of the years before, as everybody may see them.

    Args:
        connection: of the flows: it looks among the proposals too.
        collection: declared collection.
        data_year: year of the activity described.
        number: which vintage; None: the newest.

    Raises:
        VintageError: no such vintage is released.
    """
    released = [
        row
        for row in fetch(
            connection, "publication/vintages", collection=collection, data_year=data_year
        )
        if row["kind"] is not None and number in {None, row["number"]}
    ]
    if not released:
        which = "no vintage" if number is None else f"no vintage number {number}"
        raise VintageError(f"{collection} {data_year}: {which} is released")
    row = released[-1]
    number_of = {"vintage_no": row["vintage_no"]}
    earlier = [
        one
        for one in fetch(connection, "publication/newest", collection=collection)
        if one["data_year"] < data_year
    ]
    areas = [_area(one) for one in fetch(connection, "publication/areas_of", **number_of)]
    return Edition(
        load_collection(settings().codebook, collection),
        _frozen(connection, row, broken_down=True),
        tuple(_frozen(connection, one, broken_down=False) for one in earlier),
        {(area.level, area.code): area for area in areas},
        tuple(
            Structure(**one) for one in fetch(connection, "publication/structures_of", **number_of)
        ),
        tuple(_change(one) for one in fetch(connection, "publication/changes_of", **number_of)),
        tuple(
            File(one["territory"], one["sha256"], one["file_name"], one["received_on"])
            for one in fetch(connection, "publication/files_of", **number_of)
        ),
    )


def _frozen(connection: Connection, row: Mapping[str, Any], *, broken_down: bool) -> FrozenFigures:
    found = fetch(
        connection, "publication/figures_of", vintage_no=row["vintage_no"], broken_down=broken_down
    )
    figures = (_figure(one) for one in found)
    return FrozenFigures(vintage_of(row), {figure.key: figure for figure in figures})


def _key(row: Mapping[str, Any]) -> FigureKey:
    return FigureKey(
        row["indicator"], row["population"], row["level"], row["area"], row["breakdown"],
        row["category"],
    )  # fmt: skip


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(
        _key(row), Status(row["status"]), row["n_scope"], row["n_responded"], row["n_base"],
        row["n_item"], row["value"], row["estimate"], row["estimate_low"], row["estimate_high"],
    )  # fmt: skip


def _area(row: Mapping[str, Any]) -> Area:
    held_by = (row["held_by_level"], row["held_by_area"]) if row["held_by_level"] else None
    return Area(row["level"], row["area"], row["label"], held_by)


def _change(row: Mapping[str, Any]) -> Change:
    reasons = tuple(Reason(one) for one in row["reasons"])
    return Change(_key(row), reasons, row["before"], row["after"])

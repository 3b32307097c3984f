"""Brings the indicator tables of a data year up to date with what is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.fingerprint import hash_of
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, execute_many, fetch, statements

_METHOD = (
    *("item", "item_category", "area_of", "part", "cell", "panel_part", "panel"),
    *("stratum", "imputed", "estimate_part", "estimate"),
)
"""The statements of `sql/indicator/` that say what a figure is."""


@dataclass(frozen=True)
class _Share:
    """One territory's share of a data year's figures.

    Attributes:
        loaded: whether anything of it is loaded; else its share is taken away.
        former: territories that asked its départements the year before.
        method_changed: it was computed by another codebook or other statements.
        stale: it has to be computed, or taken away.
    """

    territory: str
    loaded: bool
    former: tuple[str, ...]
    inputs: str
    method_changed: bool
    stale: bool


@task(name="refresh", cache_policy=NO_CACHE)
def refresh(collection: str, data_year: int) -> int:
    """Compute again what a load has changed; how many figures were written.

    Each territory's share of the figures, where what it depends on has changed, then every area
    that it is part of. The next year's evolution depends on this year: it is brought up to date as
    well. Figures, what changed in them and the note of what they were computed from change
    together in one transaction a year: a crash leaves the former state, and is noticed.
    """
    return sum(_refreshed(collection, year) for year in (data_year, data_year + 1))


def _refreshed(collection: str, data_year: int) -> int:
    year: dict[str, object] = {"collection": collection, "data_year": data_year}
    with warehouse().begin() as connection:
        execute(connection, "department/plan_in_bulk")
        execute(connection, "indicator/lock")
        method = _method(connection, collection)
        stale = [share for share in _shares(connection, year, method) if share.stale]
        if not stale:
            return 0
        territories = [share.territory for share in stale]
        execute(connection, "indicator/working_tables")
        execute(connection, "indicator/item", **year, territories=territories)
        execute(
            connection,
            "indicator/item",
            collection=collection,
            data_year=data_year - 1,
            territories=sorted({former for share in stale for former in share.former}),
        )
        execute(connection, "indicator/item_category", **year, territories=territories)
        execute(connection, "indicator/area_of", **year)
        execute(connection, "indicator/part", **year, territories=territories)
        cells = execute(connection, "indicator/cell", **year).rowcount
        execute(connection, "indicator/panel_part", **year, territories=territories)
        execute(connection, "indicator/panel", **year)
        _estimate(connection, year, territories)
        method_changed = any(share.method_changed for share in stale)
        execute(connection, "indicator/change", **year, method_changed=method_changed)
        _note(connection, year, stale, method)
    return cells


def _estimate(
    connection: Connection, year: Mapping[str, object], territories: Sequence[str]
) -> None:
    """The territories' share of the estimates, then every area whose figures were written."""
    execute(connection, "indicator/estimate_tables")
    execute(connection, "indicator/stratum", **year)
    execute(connection, "indicator/imputed", **year, territories=territories)
    execute(connection, "indicator/estimate_part", **year, territories=territories)
    execute(connection, "indicator/estimate", **year)


def _method(connection: Connection, collection: str) -> str:
    """Hash of the codebook and of the statements: another one, and every figure may be another."""
    rows = fetch(connection, "codebook/version", collection=collection)
    texts = (text for name in _METHOD for text in statements(f"indicator/{name}"))
    return hash_of(*(str(row["version"]) for row in rows), *texts)


def _shares(connection: Connection, year: Mapping[str, object], method: str) -> Sequence[_Share]:
    return [_share(row, method) for row in fetch(connection, "indicator/stale", **year)]


def _share(row: Mapping[str, Any], method: str) -> _Share:
    inputs = hash_of(*row["inputs"])
    return _Share(
        row["territory"],
        row["loaded"],
        tuple(row["former"]),
        inputs,
        row["noted_method"] not in {None, method},
        stale=not row["loaded"] or (inputs, method) != (row["noted_inputs"], row["noted_method"]),
    )


def _note(
    connection: Connection, year: Mapping[str, object], stale: Sequence[_Share], method: str
) -> None:
    execute_many(
        connection,
        "indicator/note_basis",
        [
            {**year, "territory": share.territory, "inputs": share.inputs, "method": method}
            for share in stale
            if share.loaded
        ],
    )
    gone = [share.territory for share in stale if not share.loaded]
    if gone:
        execute(connection, "indicator/forget_basis", **year, territories=gone)

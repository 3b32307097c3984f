"""Brings the indicator tables of a data year up to date with what is loaded."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypedDict

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.fingerprint import hash_of
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, execute_many, fetch, statements
from tasks.steps import observed_refresh

_METHOD = (
    "figure", "measure", "pair", "series", "unit_category", "membership", "touched", "part",
    "region_part", "cell", "panel_part", "panel", "stratum", "imputed", "estimate_part", "estimate",
)  # fmt: skip
"""The statements of `sql/indicator/` that say what a figure is."""
_SIDE_BY_SIDE = 2
"""Years at a time: each takes some 400 MB of PostgreSQL's."""


class _Year(TypedDict):
    collection: str
    data_year: int


@dataclass(frozen=True)
class _Share:
    """One territory's share of a data year's figures.

    Attributes:
        loaded: whether anything of it is loaded; else its share is taken away.
        former: territories that asked its départements the year before.
        departements: those that it has a share of already.
        inputs: what is loaded of it.
        former_inputs: what is loaded of `former`, which evolution and imputation rest on.
        method_changed: it was computed by another codebook or other statements.
        stale: it has to be computed, or taken away.
        evolution_stale: so has its evolution since the year before.
    """

    territory: str
    loaded: bool
    former: tuple[str, ...]
    departements: tuple[str, ...]
    inputs: str
    former_inputs: str
    method_changed: bool
    stale: bool
    evolution_stale: bool


@task(name="refresh", cache_policy=NO_CACHE)
def refresh(collection: str, data_year: int) -> int:
    """Compute again what a load has changed; how many figures are others than before.

    The next year's evolution depends on this year: it is brought up to date as well.
    """
    return sum(refresh_year.fn(collection, year) for year in (data_year, data_year + 1))


@task(name="refresh-years", cache_policy=NO_CACHE)
def refresh_years(collection: str) -> int:
    """Compute again what has changed in whatever data year; how many figures are others.

    Two years side by side: each is a connection's work, and takes one core of PostgreSQL's.
    """
    with warehouse().connect() as connection:
        found = fetch(connection, "indicator/years", collection=collection)
    years = [row["data_year"] for row in found]
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return sum(pool.map(partial(refresh_year.fn, collection), years))


@task(name="refresh-year", cache_policy=NO_CACHE)
@observed_refresh
def refresh_year(collection: str, data_year: int) -> int:
    """Compute again what has changed in one data year; how many figures are others than before.

    Each territory's share of the figures, where what it depends on has changed, then every area
    that it is part of. Figures, what changed in them and the note of what they were computed from
    change together, in one transaction: a crash leaves the former state, and is noticed.
    """
    with warehouse().begin() as connection:
        return refreshed_in(connection, collection, data_year)


def refreshed_in(connection: Connection, collection: str, data_year: int) -> int:
    """One data year's figures in the caller's transaction, which can do this once."""
    year: _Year = {"collection": collection, "data_year": data_year}
    execute(connection, "indicator/plan")
    execute(connection, "indicator/lock", **year)
    method = _method(connection, collection)
    shares = [_share(row, method) for row in fetch(connection, "indicator/stale", **year)]
    stale = [share for share in shares if share.stale]
    behind = [share for share in shares if share.evolution_stale]
    if not behind:
        return 0
    _measure(connection, year, behind)
    changed = _figures(connection, year, stale) if stale else 0
    _evolution(connection, year, behind)
    _estimates(connection, year, behind)
    _note(connection, year, behind, method)
    return changed


def _measure(connection: Connection, year: _Year, shares: Sequence[_Share]) -> None:
    """What each unit says to each figure, in the data year and in the one before."""
    execute(connection, "indicator/working_tables")
    execute(connection, "indicator/figure", **year)
    execute(connection, "indicator/measure", **year, **_of(shares))
    execute(
        connection,
        "indicator/measure",
        collection=year["collection"],
        data_year=year["data_year"] - 1,
        territories=sorted({one for share in shares for one in share.former}),
    )
    execute(connection, "indicator/pair", data_year=year["data_year"])


def _figures(connection: Connection, year: _Year, shares: Sequence[_Share]) -> int:
    execute(connection, "indicator/series", collection=year["collection"])
    execute(connection, "indicator/unit_category", **year, **_of(shares))
    execute(connection, "indicator/membership", **year)
    execute(connection, "indicator/touched", **year, **_of(shares))
    execute(connection, "indicator/part", **year, **_of(shares))
    execute(connection, "indicator/region_part", **year)
    changed = execute(connection, "indicator/cell", **year).rowcount
    method_changed = any(share.method_changed for share in shares)
    execute(connection, "indicator/change", **year, method_changed=method_changed)
    return changed


def _evolution(connection: Connection, year: _Year, shares: Sequence[_Share]) -> None:
    execute(connection, "indicator/membership", **year)
    execute(connection, "indicator/touched", **year, **_of(shares))
    execute(connection, "indicator/panel_part", **year, **_of(shares))
    execute(connection, "indicator/panel", **year)


def _estimates(connection: Connection, year: _Year, shares: Sequence[_Share]) -> None:
    """After the evolution, which names the areas: imputation rests on the year before as well."""
    execute(connection, "indicator/stratum", data_year=year["data_year"])
    execute(connection, "indicator/imputed", **year, territories=_of(shares)["territories"])
    execute(connection, "indicator/estimate_part", **year, **_of(shares))
    execute(connection, "indicator/estimate", **year)


def _of(shares: Sequence[_Share]) -> dict[str, object]:
    """The parameters that name these shares: their territories, and where these had parts."""
    return {
        "territories": [share.territory for share in shares],
        "departements": sorted({one for share in shares for one in share.departements}),
    }


def _method(connection: Connection, collection: str) -> str:
    """Hash of the codebook and of the statements: another one, and every figure may be another."""
    rows = fetch(connection, "codebook/version", collection=collection)
    texts = (text for name in _METHOD for text in statements(f"indicator/{name}"))
    return hash_of(*(str(row["version"]) for row in rows), *texts)


def _share(row: Mapping[str, Any], method: str) -> _Share:
    now = (row["inputs"], method)
    stale = not row["loaded"] or now != (row["noted_inputs"], row["noted_method"])
    return _Share(
        row["territory"],
        row["loaded"],
        tuple(row["former"]),
        tuple(row["departements"]),
        row["inputs"],
        row["former_inputs"],
        method_changed=row["noted_method"] not in {None, method},
        stale=stale,
        evolution_stale=stale or row["former_inputs"] != row["noted_former_inputs"],
    )


def _note(connection: Connection, year: _Year, shares: Sequence[_Share], method: str) -> None:
    execute_many(
        connection,
        "indicator/note_basis",
        [
            {
                **year,
                "territory": share.territory,
                "inputs": share.inputs,
                "former_inputs": share.former_inputs,
                "method": method,
            }
            for share in shares
            if share.loaded
        ],
    )
    gone = [share.territory for share in shares if not share.loaded]
    if gone:
        execute(connection, "indicator/forget_basis", **year, territories=gone)

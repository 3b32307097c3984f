"""Freezes a data year's figures after disclosure control, and records the decision to publish."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.codebook import load_collection
from senacs.codebook.model import Disclosure
from senacs.disclosure.guard import Guarded, together
from senacs.disclosure.rules import FILE, load_rules
from senacs.disclosure.table import Table
from senacs.errors import VintageError
from senacs.fingerprint import hash_of, product_version
from senacs.settings import settings
from senacs.vintages.areas import AreaParts, held_by
from senacs.vintages.checklist import Checklist, Hiding, Movement, Response
from senacs.vintages.model import FigureKey, Kind, Vintage
from senacs.vintages.tables import Fact, Layout, disclosure_table, hidden_figures
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import copy_csv, execute, fetch
from tasks.protecting import guarded_side_by_side
from tasks.run_log import run_logger

_SHOWN_BREACHES = 3
_MOVEMENTS = 15


class _Year(TypedDict):
    collection: str
    data_year: int


@dataclass(frozen=True)
class Proposal:
    """A vintage with what a person looks at before releasing it.

    Attributes:
        released: the decision, where there is one already.
    """

    collection: str
    data_year: int
    number: int
    checklist: Checklist
    released: Vintage | None


@task(name="propose-vintage", cache_policy=NO_CACHE)
def propose_vintage(collection: str, data_year: int) -> Proposal:
    """Freeze the figures of a data year as they are now, protected and attacked.

    In one transaction that sees one state of the warehouse. What was proposed before and not
    released is replaced; where the newest vintage was made of the same, it stays and is given.

    Raises:
        VintageError: there are no figures of that data year.
        DisclosureError: figures contradict each other.
    """
    declared = load_collection(settings().codebook, collection)
    declared.campaign(data_year)
    year: _Year = {"collection": collection, "data_year": data_year}
    engine = warehouse().execution_options(isolation_level="REPEATABLE READ")
    with engine.begin() as connection:
        execute(connection, "publication/lock", **year)
        made_of = fetch(connection, "publication/inputs", **year)[0]
        if not made_of["inputs"]:
            raise VintageError(f"{collection} {data_year}: there are no figures to publish")
        rules = (settings().codebook / FILE).read_text(encoding="utf-8")
        inputs = hash_of(str(made_of["inputs"]), str(made_of["codebook"]), rules)
        newest = _newest(connection, year)
        if newest is not None and newest["inputs"] == inputs:
            return _proposal(newest)
        execute(connection, "publication/forget_proposal", **year)
        (made,) = fetch(
            connection, "publication/insert_vintage", **year, codebook=made_of["codebook"],
            code=product_version(), inputs=inputs,
        )  # fmt: skip
        layout = Layout(declared, data_year, made["number"])
        checks = _frozen(connection, layout, made["vintage_no"])
        execute(
            connection, "publication/insert_checks", vintage_no=made["vintage_no"],
            checks=checks.model_dump_json(),
        )  # fmt: skip
        newest = _newest(connection, year)
    if newest is None:
        raise VintageError(f"{collection} {data_year}: the proposal is gone")
    return _proposal(newest)


@task(name="release-vintage", cache_policy=NO_CACHE)
def release_vintage(
    collection: str, data_year: int, *, kind: Kind, reason: str, decided_by: str, day: date
) -> Vintage:
    """Record the decision to publish the vintage that is proposed; from now on it never changes.

    Raises:
        VintageError: none is proposed, or something forbids it.
    """
    year: _Year = {"collection": collection, "data_year": data_year}
    with warehouse().begin() as connection:
        execute(connection, "publication/lock", **year)
        newest = _newest(connection, year)
        if newest is None or newest["kind"] is not None:
            raise VintageError(
                f"{collection} {data_year}: nothing is proposed; first: "
                f"senacs vintage propose {collection} {data_year}"
            )
        if obstacles := list(_checklist(newest).obstacles()):
            raise VintageError(
                f"{collection} {data_year} number {newest['number']} cannot be released: "
                f"{'; '.join(obstacles)}"
            )
        execute(
            connection, "publication/insert_release", vintage_no=newest["vintage_no"],
            kind=str(kind), reason=reason, decided_by=decided_by, released_on=day,
        )  # fmt: skip
        newest = _newest(connection, year)
    released = _proposal(newest).released if newest else None
    if released is None:
        raise VintageError(f"{collection} {data_year}: the decision was not recorded")
    return released


def vintages(collection: str, data_year: int | None) -> list[Proposal]:
    """The vintages of a data year, or of all, with what was decided; oldest first."""
    with warehouse().connect() as connection:
        rows = fetch(connection, "publication/vintages", collection=collection, data_year=data_year)
    return [_proposal(row) for row in rows]


def vintage_of(row: Mapping[str, Any]) -> Vintage:
    """A released vintage, from a row that has its decision."""
    return Vintage(
        row["collection"], row["data_year"], row["number"], Kind(row["kind"]), row["reason"],
        row["decided_by"], row["released_on"], row["codebook"], row["code"],
    )  # fmt: skip


def _newest(connection: Connection, year: _Year) -> Mapping[str, Any] | None:
    rows = fetch(connection, "publication/vintages", **year)
    return rows[-1] if rows else None


def _proposal(row: Mapping[str, Any]) -> Proposal:
    return Proposal(
        row["collection"],
        row["data_year"],
        row["number"],
        _checklist(row),
        vintage_of(row) if row["kind"] is not None else None,
    )


def _checklist(row: Mapping[str, Any]) -> Checklist:
    return Checklist.model_validate(row["checks"])


def _frozen(connection: Connection, layout: Layout, vintage_no: int) -> Checklist:
    """Fill the vintage's tables; what a person looks at."""
    year: _Year = {"collection": layout.collection.collection, "data_year": layout.data_year}
    execute(connection, "indicator/plan")
    execute(connection, "indicator/working_tables")
    execute(connection, "indicator/figure", **year)
    execute(connection, "indicator/membership", **year)
    areas = [
        AreaParts(**{**row, "departements": frozenset(row["departements"])})
        for row in fetch(connection, "publication/area_parts", **year)
    ]
    execute(connection, "publication/hidden_figures")
    table, hiding = _protected(connection, layout, vintage_no, areas)
    _insert_areas(connection, vintage_no, areas)
    execute(connection, "publication/freeze", **year, vintage_no=vintage_no)
    former = [
        row["vintage_no"]
        for row in fetch(connection, "publication/vintages", **year)
        if row["number"] == layout.number - 1
    ]
    for former_no in former:
        execute(connection, "publication/changes", vintage_no=vintage_no, former_no=former_no)
    return _checks(connection, year, vintage_no, table, hiding)


def _protected(
    connection: Connection, layout: Layout, vintage_no: int, areas: Sequence[AreaParts]
) -> tuple[Table, Guarded]:
    """Decide what is hidden, and note it; of a collection that may be told whole, nothing."""
    if layout.collection.disclosure is not Disclosure.PROTECTED:
        return Table((), ()), together(())
    year: _Year = {"collection": layout.collection.collection, "data_year": layout.data_year}
    facts = [Fact(**row) for row in fetch(connection, "publication/facts", **year)]
    table = disclosure_table(layout, load_rules(settings().codebook), facts, areas)
    parts = [part for part in table.components() if part.primary]
    logger = run_logger()
    logger.info("%d sums to protect, in %d tables", len(table.cells), len(parts))
    tenth = max(1, len(parts) // 10)

    def tell(done: int, of: int) -> None:
        if done % tenth == 0:
            logger.info("protected %d of %d tables", done, of)

    hiding = together(guarded_side_by_side(parts, tell))
    copy_csv(connection, "publication/copy_cell", _cells(vintage_no, table, hiding))
    keys = list(hidden_figures(layout, facts, hiding.hidden))
    _hide(connection, year["collection"], keys)
    return table, hiding


def _hide(connection: Connection, collection: str, keys: Sequence[FigureKey]) -> None:
    execute(
        connection, "publication/hide", collection=collection,
        indicators=[key.indicator for key in keys], populations=[key.population for key in keys],
        levels=[key.level for key in keys], areas=[key.area for key in keys],
        breakdowns=[key.breakdown for key in keys], categories=[key.category for key in keys],
    )  # fmt: skip


def _insert_areas(connection: Connection, vintage_no: int, areas: Sequence[AreaParts]) -> None:
    holder = held_by(areas)
    shown = [area for area in areas if area.complete]
    of = [holder[area.place] or (None, None) for area in shown]
    execute(
        connection, "publication/insert_areas", vintage_no=vintage_no,
        levels=[area.level for area in shown], areas=[area.area for area in shown],
        labels=[area.label for area in shown], held_by_levels=[level for level, _ in of],
        held_by_areas=[area for _, area in of],
    )  # fmt: skip


def _cells(vintage_no: int, table: Table, hiding: Guarded) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(_cell_rows(vintage_no, table, hiding))
    return out.getvalue().encode()


def _cell_rows(vintage_no: int, table: Table, hiding: Guarded) -> Iterator[Sequence[object]]:
    for cell in table.cells:
        key = cell.key
        if key.vintage == 0:
            continue
        yield (
            vintage_no, key.quantity, key.population, key.level, key.area, key.breakdown,
            key.category, cell.value, cell.weight, cell.reason, cell.below, cell.above, cell.lower,
            cell.upper, cell.whole, cell.knower, cell.standing,
            key in hiding.hidden or key in table.untold,
        )  # fmt: skip


def _checks(
    connection: Connection, year: _Year, vintage_no: int, table: Table, hiding: Guarded
) -> Checklist:
    territories = fetch(connection, "publication/checks", **year)
    earlier = [
        row["data_year"]
        for row in fetch(connection, "publication/newest", collection=year["collection"])
        if row["data_year"] < year["data_year"]
    ]
    compared_with = max(earlier, default=None)
    movements = fetch(
        connection, "publication/movements", vintage_no=vintage_no, compared_with=compared_with,
        most=_MOVEMENTS,
    )  # fmt: skip
    return Checklist(
        territories=len(territories),
        missing=tuple(row["territory"] for row in territories if not row["loaded"]),
        refused=tuple(row["territory"] for row in territories if row["refused"]),
        queries=sum(row["queries"] for row in territories),
        response=tuple(
            Response(**row) for row in fetch(connection, "publication/response", **year)
        ),
        sums=len(table.sums),
        hiding=Hiding(
            n_cells=len(table.tellable),
            n_primary=hiding.n_primary,
            n_hidden=len(hiding.hidden),
            weight=hiding.weight,
            primary_weight=hiding.primary_weight,
            total_weight=table.weight_of(table.tellable),
            least=hiding.least,
            breaches=len(hiding.breaches),
            first_breaches=tuple(
                f"{' '.join(map(str, one.key))} ({one.reason})"
                for one in hiding.breaches[:_SHOWN_BREACHES]
            ),
        ),
        compared_with=compared_with,
        movements=tuple(Movement(**row) for row in movements),
    )

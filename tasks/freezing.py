"""Fills a vintage: decides what is hidden, and keeps figures and all that they rest on."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import Connection

from senacs.codebook.model import Disclosure
from senacs.disclosure.guard import Guarded, together
from senacs.disclosure.rules import load_rules
from senacs.disclosure.table import Cell, Key, Standing, Table
from senacs.settings import settings
from senacs.vintages.areas import AreaParts, held_by
from senacs.vintages.between import Between, Earlier, between_cells, told, with_earlier
from senacs.vintages.checklist import Checklist, Hiding, Movement, Response
from senacs.vintages.model import FigureKey
from senacs.vintages.tables import Fact, Layout, disclosure_table, hidden_figures
from senacs.warehouse.statements import copy_csv, execute, execute_many, fetch
from tasks.protecting import guarded_side_by_side
from tasks.run_log import run_logger

_SHOWN_BREACHES = 3
_MOVEMENTS = 15


class Year(TypedDict):
    """A collection's data year, as parameters of statements."""

    collection: str
    data_year: int


def freeze(connection: Connection, layout: Layout, vintage_no: int) -> Checklist:
    """Fill a vintage's tables in the caller's transaction; what a person looks at.

    Raises:
        DisclosureError: figures contradict each other.
    """
    year: Year = {"collection": layout.collection.collection, "data_year": layout.data_year}
    execute(connection, "indicator/plan")
    execute(connection, "indicator/working_tables")
    execute(connection, "indicator/figure", **year)
    execute(connection, "indicator/membership", **year)
    areas = [_area_parts(row) for row in fetch(connection, "publication/area_parts", **year)]
    execute(connection, "publication/hidden_figures")
    table, hiding = _protected(connection, layout, vintage_no, areas)
    _insert_areas(connection, vintage_no, areas)
    execute(connection, "publication/freeze", **year, vintage_no=vintage_no)
    if layout.number > 1:
        former_no = _number_of(connection, year, layout.number - 1)
        execute(connection, "publication/changes", vintage_no=vintage_no, former_no=former_no)
    return _checks(connection, year, vintage_no, table, hiding)


def _protected(
    connection: Connection, layout: Layout, vintage_no: int, areas: Sequence[AreaParts]
) -> tuple[Table, Guarded]:
    """Decide what is hidden, and note it; of a collection that may be told whole, nothing."""
    if layout.collection.disclosure is not Disclosure.PROTECTED:
        return Table((), ()), together(())
    year: Year = {"collection": layout.collection.collection, "data_year": layout.data_year}
    rules = load_rules(settings().codebook)
    facts = [Fact(**row) for row in fetch(connection, "publication/facts", **year)]
    table = disclosure_table(layout, rules, facts, areas)
    _note_answers(connection, year, vintage_no)
    earlier = _earlier(connection, layout)
    if earlier:
        rows = fetch(
            connection, "publication/between", vintage_no=vintage_no,
            former_no=_number_of(connection, year, layout.number - 1),
        )  # fmt: skip
        between = between_cells(layout, rules, (Between(**row) for row in rows))
        table = with_earlier(layout, table, areas, between, earlier)
    parts = [part for part in table.components() if part.primary]
    logger = run_logger()
    logger.info("%d sums to protect, in %d tables", len(table.cells), len(parts))
    tenth = max(1, len(parts) // 10)

    def tell(done: int, of: int) -> None:
        if done % tenth == 0:
            logger.info("protected %d of %d tables", done, of)

    hiding = together(guarded_side_by_side(parts, tell))
    own = [cell for cell in table.cells if cell.key.vintage == layout.number]
    copy_csv(connection, "publication/copy_cell", _cells(vintage_no, own, hiding))
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
    of = [holder.get(area.place) or (None, None) for area in areas]
    execute_many(
        connection,
        "publication/insert_area",
        [
            {
                "vintage_no": vintage_no,
                "level": area.level,
                "area": area.area,
                "label": area.label,
                "shown": area.complete,
                "departements": sorted(area.departements),
                "held_by_level": level,
                "held_by_area": code,
            }
            for area, (level, code) in zip(areas, of, strict=True)
        ],
    )


def _cells(vintage_no: int, cells: Iterable[Cell], hiding: Guarded) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        (
            vintage_no, *cell.key[:6], cell.value, cell.weight, cell.reason, cell.below, cell.above,
            cell.lower, cell.upper, cell.whole, cell.knower, cell.standing,
            cell.key in hiding.hidden or cell.standing is Standing.UNTOLD,
        )
        for cell in cells
    )  # fmt: skip
    return out.getvalue().encode()


def _note_answers(connection: Connection, year: Year, vintage_no: int) -> None:
    """Keep what every unit gave: the next vintage has to know who came, went or was corrected."""
    territories = [
        row["territory"] for row in fetch(connection, "publication/checks", **year) if row["loaded"]
    ]
    execute(connection, "indicator/measure", **year, territories=territories)
    execute(connection, "indicator/unit_category", **year, territories=territories)
    execute(connection, "publication/answers", **year, vintage_no=vintage_no)


def _earlier(connection: Connection, layout: Layout) -> list[Earlier]:
    """The released vintages of the data year, oldest first, as the world has them."""
    rows = fetch(
        connection, "publication/vintages", collection=layout.collection.collection,
        data_year=layout.data_year,
    )  # fmt: skip
    return [
        Earlier(
            row["number"],
            tuple(
                _area_parts(area)
                for area in fetch(
                    connection, "publication/area_parts_of", vintage_no=row["vintage_no"]
                )
            ),
            tuple(
                _told(cell, layout.data_year, row["number"])
                for cell in fetch(connection, "publication/cells_of", vintage_no=row["vintage_no"])
            ),
        )
        for row in rows
        if row["number"] < layout.number
    ]


def _area_parts(row: Mapping[str, Any]) -> AreaParts:
    return AreaParts(**{**row, "departements": frozenset(row["departements"])})


def _told(row: Mapping[str, Any], data_year: int, number: int) -> Cell:
    key = Key(
        row["quantity"], row["population"], row["level"], row["area"], row["breakdown"],
        row["category"], data_year, number,
    )  # fmt: skip
    return told(
        Cell(
            key, row["value"], row["weight"], row["reason"], row["below"], row["above"],
            row["lower"], row["upper"], row["is_whole"], row["knower"],
        ),
        hidden=row["hidden"],
    )  # fmt: skip


def _checks(
    connection: Connection, year: Year, vintage_no: int, table: Table, hiding: Guarded
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


def _number_of(connection: Connection, year: Year, number: int) -> int:
    """What the warehouse calls a vintage of the data year."""
    rows = fetch(connection, "publication/vintages", **year)
    return next(int(row["vintage_no"]) for row in rows if row["number"] == number)

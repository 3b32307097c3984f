"""What lies between the vintages of a data year: earlier ones stay in the world.

Whoever has two vintages can subtract them. The cells of those before are told, or untold; what
units came, went or were corrected in between is an untold cell of its own, that rules look at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from senacs.disclosure.linking import Area as Place
from senacs.disclosure.linking import sums
from senacs.disclosure.quantities import Quantity
from senacs.disclosure.rules import Facts, Kind, Rule, verdict
from senacs.disclosure.table import Cell, Key, Standing, Sum, Table
from senacs.vintages.areas import AreaParts, holders
from senacs.vintages.model import WHOLE, OfFigure
from senacs.vintages.tables import Layout

_BETWEEN = ": since the vintage before"


@dataclass(frozen=True, slots=True)
class Between(OfFigure):
    """A row of `publication/between`: how a sum differs from the one in the vintage before.

    Attributes:
        n_came: units that it has now and had not; `n_went`: the other way round.
        n_corrected: units that it had, with another number.
        n_managers: managing bodies of those that came or went; 3 stands for three or more.
        manager: the only one of them; empty where there are several.
        largest: largest amount of one that came or went; `spread`: sum of these, without signs.
    """

    n_came: int
    n_went: int
    n_corrected: int
    n_managers: int
    manager: str
    numerator: float
    denominator: float
    largest: float
    spread: float


@dataclass(frozen=True)
class Earlier:
    """An earlier vintage of the data year: what it told, and what it did not."""

    number: int
    areas: tuple[AreaParts, ...]
    cells: tuple[Cell, ...]


def told(cell: Cell, *, hidden: bool) -> Cell:
    """A cell of an earlier vintage: there is no choice about it any more."""
    if hidden:
        return replace(cell, standing=Standing.UNTOLD)
    return replace(cell, standing=Standing.TOLD, reason="", below=0.0, above=0.0)


def between_cells(layout: Layout, rules: Sequence[Rule], rows: Iterable[Between]) -> list[Cell]:
    """The untold cells between this vintage and the one before.

    A correction alone tells nothing that a unit answered, so no rule looks at it; but nobody knows
    that there was none, so what came or went is less certain where there was.
    """
    found: dict[Key, Cell] = {}
    for row in rows:
        for place, (key, quantity) in enumerate(layout.keys(row.figure)):
            between = key._replace(quantity=f"{key.quantity}{_BETWEEN}")
            value = row.denominator if place else row.numerator
            found.setdefault(between, _between(between, quantity, rules, row, value))
    return list(found.values())


def with_earlier(
    layout: Layout,
    table: Table,
    areas: Sequence[AreaParts],
    between: Sequence[Cell],
    earlier: Sequence[Earlier],
) -> Table:
    """The table of a vintage with those of all before it, oldest first, and what lies between."""
    pooled = next(iter(layout.collection.pooled), "")
    named = layout.quantity_by_name
    cells = [*table.cells, *between]
    links: list[Sum] = list(table.sums)
    newer, whole = {cell.key for cell in cells}, _whole(areas)
    for one in reversed(earlier):
        own = {cell.key for cell in one.cells}
        there = {key for key in own if not key.quantity.endswith(_BETWEEN)}
        links += sums(there, holders(one.areas), pooled)
        links += _alike(layout, there, named)
        links += _since(newer, there, whole, _whole(one.areas))
        cells += one.cells
        newer, whole = own, _whole(one.areas)
    return Table(tuple(cells), tuple(links))


def _between(
    key: Key, quantity: Quantity, rules: Sequence[Rule], row: Between, value: float
) -> Cell:
    n_units = row.n_came + row.n_went
    added = n_units == row.n_came and not row.n_corrected
    counted = quantity.kind is Kind.COUNT
    facts = Facts(quantity.kind, value, n_units, row.n_managers, row.largest, row.spread)
    said = verdict(rules, facts)
    margin = said.margin if said else 0.0
    signed = not added or row.spread > abs(value) * (1 + 1e-9)
    return Cell(
        key,
        value,
        weight=0.0,
        reason=said.rule if said else "",
        below=margin,
        above=margin,
        lower=-inf if signed else 0.0,
        upper=float(n_units) if counted and added else inf,
        whole=counted,
        knower=row.manager,
        standing=Standing.UNTOLD,
    )


def _since(newer: set[Key], older: set[Key], whole: Place, former_whole: Place) -> Iterator[Sum]:
    """Each sum is the one before and what lies between; without that, the one before."""
    for key in sorted(newer):
        if key.quantity.endswith(_BETWEEN):
            continue
        place = former_whole if (key.level, key.area) == whole else (key.level, key.area)
        former = key._replace(level=place[0], area=place[1], vintage=key.vintage - 1)
        between = key._replace(quantity=f"{key.quantity}{_BETWEEN}")
        if former in older:
            yield Sum(key, (former, between) if between in newer else (former,))


def _alike(layout: Layout, keys: set[Key], named: Mapping[str, Quantity]) -> Iterator[Sum]:
    for key in sorted(keys):
        quantity = named.get(key.quantity)
        same = layout.alike(key, quantity) if quantity else None
        if same in keys and same is not None:
            yield Sum(key, (same,))


def _whole(areas: Sequence[AreaParts]) -> Place:
    return next((area.place for area in areas if area.level in WHOLE and area.complete), ("", ""))

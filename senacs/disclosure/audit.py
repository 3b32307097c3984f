"""Whether a protected table may leave: the attack, by everybody and by each who knows a cell.

Publishing is refused for each breach: a cell that a rule hides, and an interval that does not hold
the rule's margin.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from senacs.disclosure.attack import Attack, Interval, Printed, Release
from senacs.disclosure.table import Cell, Key, Standing, Table


@dataclass(frozen=True, slots=True)
class Breach:
    """A cell that a reader finds too narrowly.

    Attributes:
        key: the cell.
        reason: the rule that hides it.
        reader: the managing body that finds it; empty: everybody does.
        found: its interval.
        needed: what the interval would have to hold.
    """

    key: Key
    reason: str
    reader: str
    found: Interval
    needed: Interval


def release(table: Table, hidden: Collection[Key]) -> Release:
    """What is printed of the table: no hidden value is in it."""
    return Release(tuple(_printed(cell, hidden) for cell in table.cells), table.sums)


def breaches(table: Table, hidden: Collection[Key]) -> list[Breach]:
    """What the attack finds; empty: the table may leave.

    A primary cell that is printed is found exactly, which the attack need not be asked.

    Raises:
        DisclosureError: what would be printed contradicts itself.
    """
    printed = release(table, hidden)
    attack = Attack(printed)
    shown = {cell.key for cell in printed.cells if cell.value is not None}
    found = [
        Breach(cell.key, cell.reason, "", Interval(cell.value, cell.value), needed(cell))
        for cell in table.cells
        if cell.reason and cell.key in shown and cell.standing is not Standing.UNTOLD
    ]
    targets = {
        cell.key: needed(cell) for cell in table.cells if cell.reason and cell.key not in shown
    }
    blank = _Blank(table)
    found += blank.refuse("", targets, attack.intervals(targets))
    for reader, known in _readers(table, shown).items():
        touched = attack.hidden_with(known)
        theirs = {
            key: wide
            for key, wide in targets.items()
            if key in touched and table[key].knower != reader
        }
        found += blank.refuse(reader, theirs, attack.intervals(theirs, known))
    return found


def needed(cell: Cell) -> Interval:
    """The interval that a reader has to be left with, within what everybody knows."""
    return Interval(
        max(cell.value - cell.below, cell.lower), min(cell.value + cell.above, cell.upper)
    )


def _printed(cell: Cell, hidden: Collection[Key]) -> Printed:
    told = cell.standing is Standing.TOLD or (
        cell.standing is Standing.OPEN and cell.key not in hidden
    )
    return Printed(cell.key, cell.value if told else None, cell.lower, cell.upper, cell.whole)


def _readers(table: Table, shown: Collection[Key]) -> dict[str, dict[Key, float]]:
    """What each managing body knows of the hidden cells: those that it is alone in."""
    known: dict[str, dict[Key, float]] = {}
    for cell in table.cells:
        if cell.knower and cell.key not in shown:
            known.setdefault(cell.knower, {})[cell.key] = cell.value
    return known


class _Blank:
    """What a reader thinks possible who has nothing but bounds and own answers: not disclosed."""

    def __init__(self, table: Table) -> None:
        self._table = table

    @cached_property
    def _attack(self) -> Attack:
        cells = (Printed(c.key, None, c.lower, c.upper, c.whole) for c in self._table.cells)
        return Attack(Release(tuple(cells), self._table.sums))

    def refuse(
        self, reader: str, targets: dict[Key, Interval], found: dict[Key, Interval]
    ) -> Iterator[Breach]:
        """The cells that the release tells this reader too much about."""
        narrow = {key: wide for key, wide in targets.items() if not found[key].holds(wide)}
        if not narrow:
            return
        own = {c.key: c.value for c in self._table.cells if reader and c.knower == reader}
        before = self._attack.intervals(narrow, own)
        for key, wide in narrow.items():
            possible = Interval(max(wide.low, before[key].low), min(wide.high, before[key].high))
            if not found[key].holds(possible):
                yield Breach(key, self._table[key].reason, reader, found[key], possible)

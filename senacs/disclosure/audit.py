"""Whether a protected table may leave: the attack, by everybody and by each who knows a cell.

Publishing is refused for each breach: a cell that a rule hides, and an interval that does not hold
the rule's margin.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from senacs.disclosure.attack import Attack, Interval, Printed, Release
from senacs.disclosure.table import Cell, Key, Standing, Sum, Table
from senacs.disclosure.witness import Witnesses


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
    witnesses = Witnesses(table, {cell.key for cell in printed.cells if cell.value is None})
    for reader, known in _readers(table, shown).items():
        touched = attack.hidden_with(known)
        rough = blank.rough(reader)
        theirs = {
            key: _within(wide, rough.interval(key))
            for key, wide in targets.items()
            if key in touched and table[key].knower != reader
        }
        theirs = {
            key: wide for key, wide in theirs.items() if not witnesses.show(table[key], wide, known)
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

    def refuse(
        self, reader: str, targets: dict[Key, Interval], found: dict[Key, Interval]
    ) -> Iterator[Breach]:
        """The cells that the release tells this reader too much about."""
        narrow = {key: wide for key, wide in targets.items() if not found[key].holds(wide)}
        if not narrow:
            return
        before = self._attack.intervals(narrow, self._own(reader))
        for key, wide in narrow.items():
            possible = _within(wide, before[key])
            if not found[key].holds(possible):
                yield Breach(key, self._table[key].reason, reader, found[key], possible)

    def rough(self, reader: str) -> "_Rough":
        """What own answers leave possible, roughly."""
        return _Rough(self._table, self._by_whole, self._by_part, self._own(reader))

    def _own(self, reader: str) -> dict[Key, float]:
        return {c.key: c.value for c in self._table.cells if reader and c.knower == reader}

    @cached_property
    def _attack(self) -> Attack:
        cells = (Printed(c.key, None, c.lower, c.upper, c.whole) for c in self._table.cells)
        return Attack(Release(tuple(cells), self._table.sums))

    @cached_property
    def _by_whole(self) -> dict[Key, list[Sum]]:
        found: dict[Key, list[Sum]] = {}
        for one in self._table.sums:
            found.setdefault(one.whole, []).append(one)
        return found

    @cached_property
    def _by_part(self) -> dict[Key, list[Sum]]:
        found: dict[Key, list[Sum]] = {}
        for one in self._table.sums:
            for part in one.parts:
                found.setdefault(part, []).append(one)
        return found


class _Rough:
    """An interval that holds what a reader thinks possible from own answers, without a program.

    A whole is at least its parts, and a part at most its whole without the others. Where the
    release leaves this much nothing is disclosed, and the exact interval need not be asked for.
    """

    def __init__(
        self,
        table: Table,
        by_whole: Mapping[Key, list[Sum]],
        by_part: Mapping[Key, list[Sum]],
        own: Mapping[Key, float],
    ) -> None:
        self._table = table
        self._by_whole = by_whole
        self._by_part = by_part
        self._own = own
        self._least: dict[Key, float] = {}

    def interval(self, key: Key) -> Interval:
        """What the cell can be at least and at most."""
        return Interval(self._low(key), self._high(key))

    def _low(self, key: Key) -> float:
        if key not in self._least:
            known = self._own.get(key)
            self._least[key] = (
                known
                if known is not None
                else max(
                    (
                        self._table[key].lower,
                        *(sum(map(self._low, one.parts)) for one in self._by_whole.get(key, ())),
                    )
                )
            )
        return self._least[key]

    def _high(self, key: Key) -> float:
        if (known := self._own.get(key)) is not None:
            return known
        return min(
            (
                self._table[key].upper,
                *(
                    self._own.get(one.whole, self._table[one.whole].upper)
                    - sum(self._low(part) for part in one.parts if part != key)
                    for one in self._by_part.get(key, ())
                ),
            )
        )


def _within(wide: Interval, possible: Interval) -> Interval:
    return Interval(max(wide.low, possible.low), min(wide.high, possible.high))

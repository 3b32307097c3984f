"""The tables that leave the house: cells, and the sums that a reader can make of them.

A cell is a sum that can be added up: of persons, of euros, of structures. What is printed is made
of cells: a total is one, a mean and a share are a cell divided by a count of answers that everybody
may know. So a mean, a total and a share of one sum are one cell: it is hidden everywhere, or told
everywhere, and nobody finds a hidden total from a mean.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import inf, isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from senacs.errors import DisclosureError

_TOLERANCE = 1e-9
"""How far a sum may be from its parts, as a share of the largest of them: what doubles lose."""


class Key(NamedTuple):
    """What a cell is of. Grain: one sum × population × area × category, in one vintage of a year.

    `quantity` names the sum (`senacs.disclosure.quantities`), not the indicator that prints it.
    `vintage` counts the publications of a data year; a cell of an earlier one stays in the table,
    because it stays in the world.
    """

    quantity: str
    population: str
    level: str
    area: str
    breakdown: str = "all"
    category: str = "all"
    data_year: int = 0
    vintage: int = 0


class Standing(StrEnum):
    """Whether there is a choice about a cell."""

    OPEN = "open"
    """May be told or hidden: what protection decides on."""
    TOLD = "told"
    """Published before, or known from elsewhere: to hide it now would hide nothing."""
    UNTOLD = "untold"
    """Printed nowhere, but a reader can think of it: the difference of two figures."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One sum, what it tells of whom, and what everybody knows of it.

    Attributes:
        value: the true sum, in the quantity's unit.
        weight: the information that is lost if it is hidden.
        reason: the primary rule that hides it; empty where none does.
        below: how far under `value` what a reader thinks possible has to reach; 0 without reason.
        above: how far over `value`.
        lower: what everybody knows it is not under; 0 for counts and amounts that have no sign.
        upper: what everybody knows it is not over.
        whole: whether it is a whole number, and everybody knows that.
        knower: the only managing body in it, which so knows it; empty where there are several.
        standing: whether there is a choice about it.
    """

    key: Key
    value: float
    weight: float = 1.0
    reason: str = ""
    below: float = 0.0
    above: float = 0.0
    lower: float = 0.0
    upper: float = inf
    whole: bool = False
    knower: str = ""
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole that is the sum of its parts, as every reader knows."""

    whole: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Table:
    """Cells and their sums; any number of tables that share cells are one.

    Raises:
        DisclosureError: a key stands twice, a sum names a cell that is not there or does not add
            up, or a value is outside of what everybody knows.
    """

    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...]

    def __post_init__(self) -> None:
        if len(self.position) != len(self.cells):
            raise DisclosureError("a cell stands twice in the table")
        for cell in self.cells:
            if not (isfinite(cell.value) and cell.lower <= cell.value <= cell.upper):
                raise DisclosureError(f"{cell.key}: {cell.value} is outside of its known bounds")
        for one in self.sums:
            if missing := [key for key in (one.whole, *one.parts) if key not in self.position]:
                raise DisclosureError(f"a sum names {missing[0]}, which is not in the table")
            parts = [self[key].value for key in one.parts]
            gap = abs(self[one.whole].value - sum(parts))
            if gap > _TOLERANCE * max(1.0, *map(abs, parts)) * len(parts):
                raise DisclosureError(f"{one.whole} is {gap:g} away from the sum of its parts")

    def __getitem__(self, key: Key) -> Cell:
        return self.cells[self.position[key]]

    @cached_property
    def position(self) -> Mapping[Key, int]:
        """Where each cell stands."""
        return {cell.key: number for number, cell in enumerate(self.cells)}

    @cached_property
    def primary(self) -> frozenset[Key]:
        """What a rule hides."""
        return frozenset(cell.key for cell in self.cells if cell.reason)

    @cached_property
    def untold(self) -> frozenset[Key]:
        """What is printed nowhere."""
        return frozenset(c.key for c in self.cells if c.standing is Standing.UNTOLD)

    @cached_property
    def tellable(self) -> frozenset[Key]:
        """What would be printed if nothing were hidden."""
        return frozenset(cell.key for cell in self.cells) - self.untold

    def weight_of(self, keys: Iterable[Key]) -> float:
        """The information in these cells."""
        return sum(self[key].weight for key in keys)

    def components(self) -> tuple["Table", ...]:
        """The tables that share no sum, in the order of their first cells."""
        label = connected(
            len(self.cells),
            ([self.position[k] for k in (one.whole, *one.parts)] for one in self.sums),
        )
        cells: dict[int, list[Cell]] = {}
        sums: dict[int, list[Sum]] = {}
        for cell, number in zip(self.cells, label, strict=True):
            cells.setdefault(int(number), []).append(cell)
        for one in self.sums:
            sums.setdefault(int(label[self.position[one.whole]]), []).append(one)
        return tuple(
            Table(tuple(members), tuple(sums.get(number, ()))) for number, members in cells.items()
        )


def connected(count: int, groups: Iterable[list[int]]) -> NDArray[np.int64]:
    """For each of `count` things the least thing that groups tie it to."""
    parent = list(range(count))

    def root(thing: int) -> int:
        while parent[thing] != thing:
            parent[thing] = parent[parent[thing]]
            thing = parent[thing]
        return thing

    for group in groups:
        for other in group[1:]:
            one, two = sorted((root(group[0]), root(other)))
            parent[two] = one
    return np.array([root(thing) for thing in range(count)], dtype=np.int64)

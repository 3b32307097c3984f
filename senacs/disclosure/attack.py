"""The attack: how narrow an interval a reader finds for each figure that is hidden.

The reader has what is printed, in all vintages, knows which figures add up to which, knows that
there is no negative number of children, and may be one of those that answered: who manages
all structures of a figure knows that figure. Two linear programs a figure, the least and the most
that it can be, say all that follows from that; for whole numbers, two integer programs.

This module shares nothing with the protection but the names of cells and sums: it is made to
disagree with it. It sees a `Release`, which holds no hidden value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from senacs.disclosure.table import Key, Sum, connected
from senacs.errors import DisclosureError

_LOST = 1e-9
"""What adding up loses, as a share of the largest printed number in a sum."""

_ROUNDS = 6
"""Programs about all figures of a block at once before one by one: most are then settled."""

_INFEASIBLE, _UNBOUNDED, _UNBOUNDED_OR_NONE = 2, 3, 4


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell as a reader has it: a number or, hidden, only what everybody knows of it."""

    key: Key
    value: float | None
    lower: float
    upper: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Release:
    """All that is printed, and how it adds up."""

    cells: tuple[Printed, ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """What a hidden cell can be, from `low` to `high`.

    `exact` says that it cannot be narrowed; else the search ended because it was wide enough.
    """

    low: float
    high: float
    exact: bool = True

    def holds(self, other: "Interval") -> bool:
        """Whether all of the other one is in it, but for what computing loses."""
        slack = 1e-6 * max([1.0, *(abs(x) for x in (other.low, other.high) if abs(x) < inf)])
        return self.low <= other.low + slack and self.high >= other.high - slack


EVERYTHING = Interval(-inf, inf)


class Attack:
    """A reader with a release. Blocks of hidden cells that no sum ties are attacked apart."""

    def __init__(self, release: Release) -> None:
        """Take up what is printed.

        Raises:
            DisclosureError: a sum names a cell that the release does not have.
        """
        self._cell = {cell.key: cell for cell in release.cells}
        hidden = [cell for cell in release.cells if cell.value is None]
        position = {cell.key: number for number, cell in enumerate(hidden)}
        try:
            equations = [
                _equation(one, self._cell)
                for one in release.sums
                if one.whole in position or any(part in position for part in one.parts)
            ]
        except KeyError as error:
            raise DisclosureError(f"a sum names {error.args[0]}, which is not printed") from None
        label = connected(
            len(hidden), ([position[key] for key in coefficient] for coefficient, _, _ in equations)
        )
        members: dict[int, list[Printed]] = {}
        tied: dict[int, list[_Equation]] = {}
        for cell, number in zip(hidden, label, strict=True):
            members.setdefault(int(number), []).append(cell)
        for equation in equations:
            tied.setdefault(int(label[position[next(iter(equation[0]))]]), []).append(equation)
        blocks = [_Block(cells, tied.get(number, [])) for number, cells in members.items()]
        self._block = {cell.key: block for block in blocks for cell in block.cells}

    def hidden_with(self, keys: Iterable[Key]) -> set[Key]:
        """The hidden cells that a sum, or a chain of sums, ties to any of these."""
        blocks = {id(b): b for b in (self._block.get(key) for key in keys) if b is not None}
        return {cell.key for block in blocks.values() for cell in block.cells}

    def intervals(
        self,
        targets: Mapping[Key, Interval],
        known: Mapping[Key, float] | None = None,
    ) -> dict[Key, Interval]:
        """The narrowest interval of each target.

        Args:
            targets: hidden cells, each with an interval that is wide enough: one that is found to
                hold it is not looked at any further. `EVERYTHING` asks for the exact one.
            known: what this reader knows beside what is printed.

        Raises:
            DisclosureError: nothing adds up to what is printed: it contradicts itself.
        """
        by_block: dict[int, tuple[_Block, dict[Key, Interval]]] = {}
        for key, enough in targets.items():
            block = self._block[key]
            by_block.setdefault(id(block), (block, {}))[1][key] = enough
        found: dict[Key, Interval] = {}
        for block, wanted in by_block.values():
            found |= block.intervals(wanted, known or {})
        return found


_Equation = tuple[dict[Key, float], float, float]
"""Coefficients of the hidden cells of a sum, what they add up to, and what computing may lose."""


def _equation(one: Sum, printed: Mapping[Key, Printed]) -> _Equation:
    coefficient: dict[Key, float] = {}
    constant = 0.0
    largest = 1.0
    for key, sign in ((one.whole, 1.0), *((part, -1.0) for part in one.parts)):
        value = printed[key].value
        if value is None:
            coefficient[key] = coefficient.get(key, 0.0) + sign
        else:
            constant -= sign * value
            largest = max(largest, abs(value))
    return coefficient, constant, _LOST * largest


class _Block:
    """Hidden cells that sums tie together."""

    def __init__(self, cells: list[Printed], equations: list[_Equation]) -> None:
        self.cells = cells
        self.position = {cell.key: number for number, cell in enumerate(cells)}
        rows, columns, entries = [], [], []
        for number, (coefficient, _, _) in enumerate(equations):
            for key, entry in coefficient.items():
                rows.append(number)
                columns.append(self.position[key])
                entries.append(entry)
        matrix = csr_array((entries, (rows, columns)), shape=(len(equations), len(cells)))
        total = np.array([constant for _, constant, _ in equations])
        lost = np.array([loss for _, _, loss in equations])
        self.sums = LinearConstraint(matrix, total - lost, total + lost) if equations else None
        self.lower = np.array([cell.lower for cell in cells])
        self.upper = np.array([cell.upper for cell in cells])
        self.whole = np.array([cell.whole for cell in cells])

    def intervals(
        self, wanted: Mapping[Key, Interval], known: Mapping[Key, float]
    ) -> dict[Key, Interval]:
        lower, upper = self.lower.copy(), self.upper.copy()
        for key, value in known.items():
            if key in self.position:
                lower[self.position[key]] = upper[self.position[key]] = value
        search = _Search(self, Bounds(lower, upper))
        targets = [self.position[key] for key in wanted]
        enough = list(wanted.values())
        self._sweep(search, targets, enough)
        found: dict[Key, Interval] = {}
        for key, target, wide in zip(wanted, targets, enough, strict=True):
            seen = search.seen(target)
            if wide != EVERYTHING and seen.holds(wide):
                found[key] = seen
            else:
                found[key] = search.narrowest(target, wide)
        return found

    def _sweep(self, search: "_Search", targets: list[int], enough: list[Interval]) -> None:
        """Look at all targets at once, some pushed up and some down, by turns."""
        for turn in range(_ROUNDS):
            left = [
                (number, target)
                for number, (target, wide) in enumerate(zip(targets, enough, strict=True))
                if wide != EVERYTHING and not search.seen(target).holds(wide)
            ]
            if len(left) < _ROUNDS:
                return
            push = np.zeros(len(self.cells))
            reach = 10.0 * max(1.0, *(abs(enough[number].high) for number, _ in left))
            for number, target in left:
                wide = enough[number]
                push[target] = 1.0 / max(wide.high - wide.low, 1e-9)
                # Who goes up and who goes down: another choice each turn, the same every time.
                if (number * 2654435761 >> (16 + turn // 2)) & 1:
                    push[target] = -push[target]
            search.point(push if turn % 2 else -push, reach)


class _Search:
    """Points that a reader cannot rule out, and the least and most that they show of each cell."""

    def __init__(self, block: _Block, bounds: Bounds) -> None:
        self.block = block
        self.bounds = bounds
        self.least = np.full(len(block.cells), inf)
        self.most = np.full(len(block.cells), -inf)

    def seen(self, target: int) -> Interval:
        """What was seen to be possible: the exact interval holds it."""
        return Interval(float(self.least[target]), float(self.most[target]), exact=False)

    def point(self, direction: NDArray[np.float64], reach: float) -> None:
        """Note a possible point far against a direction, within `reach` where nothing ends it."""
        within = Bounds(
            np.where(self.bounds.lb > -inf, self.bounds.lb, -reach),
            np.where(self.bounds.ub < inf, self.bounds.ub, reach),
        )
        result = self._solve(direction, within, whole=bool(self.block.whole.any()))
        if result.x is not None:
            self._note(result.x)

    def narrowest(self, target: int, wide: Interval) -> Interval:
        """The exact interval of one cell, or one that is wide enough."""
        low, high = self._end(target, 1.0), self._end(target, -1.0)
        found = Interval(low, high)
        if self.block.whole.any() and (wide == EVERYTHING or found.holds(wide)):
            # Between whole numbers there may be less room than between the others.
            found = Interval(
                self._end(target, 1.0, whole=True), self._end(target, -1.0, whole=True)
            )
        if self.block.whole[target]:
            return Interval(
                ceil(found.low - 1e-6) if found.low > -inf else -inf,
                floor(found.high + 1e-6) if found.high < inf else inf,
            )
        return found

    def _end(self, target: int, sign: float, *, whole: bool = False) -> float:
        direction = np.zeros(len(self.block.cells))
        direction[target] = sign
        result = self._solve(direction, self.bounds, whole=whole)
        if result.status in {_UNBOUNDED, _UNBOUNDED_OR_NONE}:
            result = self._solve(np.zeros_like(direction), self.bounds, whole=whole)
            if result.x is not None:
                return -sign * inf
        if result.x is None:
            raise DisclosureError(
                f"what is printed of {self.block.cells[target].key} contradicts itself:"
                f" {result.message}"
            )
        if whole or not self.block.whole.any():
            self._note(result.x)
        return float(result.x[target])

    def _note(self, point: NDArray[np.float64]) -> None:
        np.minimum(self.least, point, out=self.least)
        np.maximum(self.most, point, out=self.most)

    def _solve(
        self, direction: NDArray[np.float64], bounds: Bounds, *, whole: bool
    ) -> OptimizeResult:
        return milp(
            direction,
            integrality=self.block.whole.astype(int) if whole else None,
            bounds=bounds,
            constraints=self.block.sums,
            options={"presolve": True},
        )

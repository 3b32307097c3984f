"""Witnesses: other tables that print the same, near the true one, where a hidden cell is elsewhere.

The audit knows what is true, a reader does not. A witness in which nothing is moved that a reader
knows shows that this reader cannot rule it out, for all such readers at once: the attack itself
would have to be asked by each of them. Of what no witness shows the attack is asked.
"""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from senacs.disclosure.attack import Interval
from senacs.disclosure.table import Cell, Key, Table

_STILL = 1e-7
"""A cell that moves by less, as a share of the farthest, does not: what computing adds."""


class Witnesses:
    """The witnesses of a table of which some cells are not printed; each is looked for once."""

    def __init__(self, table: Table, unprinted: Collection[Key]) -> None:
        self._cells = [cell for cell in table.cells if cell.key in unprinted]
        self._position = {cell.key: number for number, cell in enumerate(self._cells)}
        self._found: dict[tuple[Key, float], frozenset[Key] | None] = {}
        value = np.array([cell.value for cell in self._cells])
        self._up = np.array([cell.upper for cell in self._cells]) - value
        self._down = value - np.array([cell.lower for cell in self._cells])
        self._cost = 1.0 / np.maximum(1.0, np.abs(value))
        self._whole = np.array([cell.whole for cell in self._cells])
        rows, columns, entries = [], [], []
        number = 0
        for one in table.sums:
            moved = [(k, s) for k, s in ((one.whole, 1.0), *((p, -1.0) for p in one.parts))
                     if k in self._position]  # fmt: skip
            for key, sign in moved:
                rows.append(number)
                columns.append(self._position[key])
                entries.append(sign)
            number += bool(moved)
        sums = csr_array((entries, (rows, columns)), shape=(number, len(self._cells)))
        self._sums = LinearConstraint(hstack([sums, -sums]), 0.0, 0.0) if number else None

    def show(self, cell: Cell, wide: Interval, known: Mapping[Key, float]) -> bool:
        """Whether witnesses that move nothing known reach both ends of an interval."""
        return all(
            end == cell.value or self._reaches(cell, end, known.keys())
            for end in (wide.low, wide.high)
        )

    def _reaches(self, cell: Cell, end: float, known: Iterable[Key]) -> bool:
        if not np.isfinite(end):
            return False
        asked = (cell.key, end)
        if asked not in self._found:
            self._found[asked] = self._moved(self._position[cell.key], end - cell.value)
        moved = self._found[asked]
        return moved is not None and moved.isdisjoint(known)

    def _moved(self, target: int, by: float) -> frozenset[Key] | None:
        """The cells of the witness that moves least beside a target; None: there is none."""
        up, down = self._up.copy(), self._down.copy()
        least_up, least_down = np.zeros_like(up), np.zeros_like(down)
        (least_up if by > 0 else least_down)[target] = abs(by)
        (up if by > 0 else down)[target] = abs(by)
        (down if by > 0 else up)[target] = 0.0
        if (least_up > self._up + _STILL).any() or (least_down > self._down + _STILL).any():
            return None
        result = milp(
            np.concatenate([self._cost, self._cost]),
            bounds=Bounds(np.concatenate([least_up, least_down]), np.concatenate([up, down])),
            constraints=self._sums,
        )
        if result.x is None:
            return None
        moves = result.x[: len(up)] - result.x[len(up) :]
        whole = moves[self._whole]
        if np.abs(whole - np.round(whole)).max(initial=0.0) > _STILL:
            return None
        far = np.abs(moves) > _STILL * np.abs(moves).max()
        return frozenset(self._cells[number].key for number in np.flatnonzero(far))

"""The protection's view of a table: how far each cell can move, and what moves with it.

A reader cannot tell the true table from another one that prints the same. Such a table differs
from the true one by *moves* of the hidden cells that keep every sum: M · move = 0. A hidden cell
is protected where a move takes it far enough up, and one far enough down.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from senacs.disclosure.table import Standing, Table

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOBODY = -1


class Network:
    """A table as arrays, a cell by its position in `Table.cells`.

    Attributes:
        room_up: how far a cell can go up before everybody knows better.
        room_down: how far it can go down.
        up: the same, but 0 for what is told anyway.
        down: likewise.
        told: whether it is told anyway.
        above: how far it has to be able to go up; 0 where no rule hides it.
        below: how far down.
        primary: whether a rule hides it.
        always: whether it is hidden whatever is decided: primary, or told nowhere.
        closed: whether it can never move.
        knower: number of the only managing body in it, or NOBODY.
    """

    def __init__(self, table: Table) -> None:
        cells = table.cells
        self.table = table
        self.size = len(cells)
        value = np.array([cell.value for cell in cells])
        self.told = told = np.array([cell.standing is Standing.TOLD for cell in cells], dtype=bool)
        self.weight = np.array([cell.weight for cell in cells])
        self.room_up = np.array([cell.upper for cell in cells]) - value
        self.room_down = value - np.array([cell.lower for cell in cells])
        self.up = np.where(told, 0.0, self.room_up)
        self.down = np.where(told, 0.0, self.room_down)
        self.primary = np.array([bool(cell.reason) for cell in cells], dtype=bool)
        self.untold = np.array([cell.standing is Standing.UNTOLD for cell in cells], dtype=bool)
        self.always = (self.primary | self.untold) & ~told
        self.closed = (self.up <= 0) & (self.down <= 0)
        # Nothing has to look possible that everybody knows is not.
        self.above = np.minimum([cell.above for cell in cells], self.room_up)
        self.below = np.minimum([cell.below for cell in cells], self.room_down)
        self.above[~self.primary] = self.below[~self.primary] = 0.0
        numbers: dict[str, int] = {}
        self.knower = np.array(
            [numbers.setdefault(c.knower, len(numbers)) if c.knower else NOBODY for c in cells],
            dtype=np.int64,
        )
        self.by_sum = self._matrix()

    def _matrix(self) -> csr_array:
        position = self.table.position
        rows, columns, entries = [], [], []
        for number, one in enumerate(self.table.sums):
            for key, sign in ((one.whole, 1.0), *((part, -1.0) for part in one.parts)):
                rows.append(number)
                columns.append(position[key])
                entries.append(sign)
        return csr_array((entries, (rows, columns)), shape=(len(self.table.sums), self.size))

    @cached_property
    def by_cell(self) -> csc_array:
        """The same coefficients, a cell's together."""
        return csc_array(self.by_sum)

    def sums_of(self, cells: Indices) -> Indices:
        """The sums that any of these cells is in."""
        return np.unique(_joined(self.by_cell.indptr, self.by_cell.indices, cells))

    def near(self, cell: int) -> Indices:
        """The cells that can help it without going far: two sums away at most."""
        cells = np.array([cell])
        for _ in range(2):
            beside = _joined(self.by_sum.indptr, self.by_sum.indices, self.sums_of(cells))
            cells = np.union1d(cells, beside)
        return cells


def _joined(start: NDArray[np.int32], entry: NDArray[np.int32], which: Indices) -> Indices:
    """The entries of these rows (or columns) of a sparse matrix, one after the other."""
    counts = start[which + 1] - start[which]
    offset = np.repeat(start[which] - np.cumsum(counts) + counts, counts)
    found: Indices = entry[offset + np.arange(counts.sum())].astype(np.int64)
    return found

"""Moves that protect: what to hide so that one cell can be far from where it is.

For each cell that a rule hides, one linear program finds the cheapest way to move it as far as its
margin: what moves has to be hidden. One after the other, what an earlier one has hidden costs
nothing any more. (Sequential programs, as in Statistics Canada's CONFID and the heuristic part of
Fischetti and Salazar, Management Science 47, 2001.) A move proves more than it was made for: of
all cells on it, and in both directions as far as it goes back, so that few programs are solved.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, hstack

from senacs.disclosure.network import NOBODY, Flags, Floats, Indices, Network
from senacs.disclosure.solver import Program, Solver

UP, DOWN = 1, -1

_STILL = 1e-7
"""A move shorter than this, as a share of the longest, is none: what computing adds."""

_ALREADY_HIDDEN = 1e-4
"""What it costs to move a cell that is hidden, beside weights of 1 and more: short moves first."""


@dataclass(frozen=True, slots=True)
class Move:
    """Cells that move together and keep all sums, with how far each does."""

    cells: Indices
    by: Floats

    def steps(self, network: Network) -> tuple[float, float]:
        """How many times it can be made forward, and backward, until everybody knows better."""
        up, down = network.up[self.cells], network.down[self.cells]
        forward = np.where(self.by > 0, up, down) / np.abs(self.by)
        backward = np.where(self.by > 0, down, up) / np.abs(self.by)
        return float(forward.min()), float(backward.min())


@dataclass(frozen=True, slots=True)
class Proof:
    """A move that takes a cell far enough, and who would know that it was not made.

    `only_for` is the one reader that it is far enough for, because that one's own answers rule out
    more; NOBODY: far enough for all.
    """

    cells: frozenset[int]
    knowers: frozenset[int]
    only_for: int = NOBODY


@dataclass(frozen=True, slots=True)
class Goal:
    """A cell that has to be able to move, in one direction."""

    cell: int
    direction: int


class Moves:
    """What is hidden so far, and what that proves."""

    def __init__(self, network: Network, solver: Solver) -> None:
        self.network = network
        self.hidden: Flags = network.always.copy()
        self.impossible: set[Goal] = set()
        self._solver = solver
        self._proofs: dict[Goal, list[Proof]] = {}
        self._row = np.full(network.by_sum.shape[0], -1, dtype=np.int64)

    def protect_all(self) -> None:
        """Hide what has to be hidden for every cell that a rule hides; the widest margins first."""
        network = self.network
        margin = np.maximum(network.above, network.below)
        for cell in sorted(np.flatnonzero(network.primary), key=lambda c: (-margin[c], c)):
            for goal in self._goals(int(cell)):
                self._reach(goal)

    def thin_out(self) -> None:
        """Tell again what need not be hidden any more, the heaviest first."""
        network = self.network
        added = np.flatnonzero(self.hidden & ~network.always)
        for cell in sorted(added, key=lambda c: (-network.weight[c], c)):
            self._tell(int(cell))

    def _tell(self, cell: int) -> None:
        """Tell one cell, unless something is then no longer protected."""
        touched = {
            goal: proofs
            for goal, proofs in self._proofs.items()
            if any(cell in proof.cells for proof in proofs)
        }
        self.hidden[cell] = False
        for goal, proofs in touched.items():
            self._proofs[goal] = [proof for proof in proofs if cell not in proof.cells]
        for goal in touched:
            if not self._reach(goal, only_hidden=True):
                self.hidden[cell] = True
                # What was proved meanwhile holds all the same.
                for other, proofs in touched.items():
                    self._proofs[other] += [p for p in proofs if cell in p.cells]
                return

    def _goals(self, cell: int) -> Iterator[Goal]:
        if self.network.above[cell] > 0:
            yield Goal(cell, UP)
        if self.network.below[cell] > 0:
            yield Goal(cell, DOWN)

    def _unproved(self, goal: Goal) -> int | None:
        """Against whom it still has to be proved: a knower, NOBODY for everyone; None: no one."""
        proofs = self._proofs.get(goal, [])
        for_all = [proof.knowers for proof in proofs if proof.only_for == NOBODY]
        if not for_all:
            return NOBODY
        left = frozenset.intersection(*for_all) - {proof.only_for for proof in proofs}
        left -= {int(self.network.knower[goal.cell])}
        return min(left, default=None)

    def _reach(self, goal: Goal, *, only_hidden: bool = False) -> bool:
        """Prove a goal, hiding more where that is allowed; False where it cannot be."""
        network = self.network
        margin = network.above if goal.direction == UP else network.below
        while (knower := self._unproved(goal)) is not None:
            amount = float(margin[goal.cell])
            move = self._cheapest(goal, knower, amount, only_hidden=only_hidden)
            if move is None and not only_hidden:
                amount = self._farthest(goal, knower, amount)
                if amount > 0:
                    move = self._cheapest(goal, knower, amount, only_hidden=False)
            if move is None and (only_hidden or amount > 0):
                if not only_hidden:
                    self.impossible.add(goal)
                return False
            if amount < margin[goal.cell]:
                self._settle_for(goal, knower, amount, move)
            if move is not None:
                self.hidden[move.cells] = True
                self._note(move)
        return True

    def _settle_for(self, goal: Goal, knower: int, amount: float, move: Move | None) -> None:
        """Take less than the margin: more is ruled out whatever is printed.

        By what everybody knows, or by this reader's own answers: of that nothing is disclosed.
        """
        cells = frozenset(move.cells.tolist()) if move is not None else frozenset[int]()
        if knower != NOBODY:
            proof = Proof(cells, frozenset(), only_for=knower)
            self._proofs.setdefault(goal, []).append(proof)
        elif goal.direction == UP:
            self.network.above[goal.cell] = amount
        else:
            self.network.below[goal.cell] = amount
        if knower == NOBODY and move is None:
            self._proofs.setdefault(goal, []).append(Proof(cells, frozenset()))

    def _note(self, move: Move) -> None:
        """Note what a move proves of every cell on it."""
        network = self.network
        forward, backward = move.steps(network)
        knowers = frozenset(network.knower[move.cells].tolist()) - {NOBODY}
        proof = Proof(frozenset(move.cells.tolist()), knowers)
        for cell, by in zip(move.cells.tolist(), move.by.tolist(), strict=True):
            if not network.primary[cell]:
                continue
            up = forward * by if by > 0 else -backward * by
            down = backward * by if by > 0 else -forward * by
            for goal in self._goals(cell):
                room, margin = (
                    (up, network.above[cell])
                    if goal.direction == UP
                    else (down, network.below[cell])
                )
                if room >= margin * (1 - 1e-9):
                    self._proofs.setdefault(goal, []).append(proof)

    def _farthest(self, goal: Goal, knower: int, amount: float) -> float:
        """How far a cell could go, up to `amount`, if nothing at all were printed."""
        network = self.network
        fixed = network.closed & ~network.told
        if knower != NOBODY:
            fixed = fixed | (network.knower == knower)
        up = np.where(fixed, 0.0, network.room_up)
        down = np.where(fixed, 0.0, network.room_down)
        cost = np.zeros(network.size)
        cost[goal.cell] = -goal.direction
        if goal.direction == UP:
            up[goal.cell] = min(up[goal.cell], amount)
        else:
            down[goal.cell] = min(down[goal.cell], amount)
        nothing = np.zeros(network.by_sum.shape[0])
        solved = self._solver.solve(Program(cost, -down, up, network.by_cell, nothing, nothing))
        if solved.x is None:
            return 0.0
        reached = abs(float(solved.x[goal.cell]))
        if reached >= amount * (1 - 1e-9):
            return amount
        return reached * (1 - 1e-6) if reached > 1e-6 * amount else 0.0

    def _cheapest(
        self, goal: Goal, knower: int, amount: float, *, only_hidden: bool
    ) -> Move | None:
        """The cheapest move to a goal that moves nothing this reader knows; None: there is none.

        Cells near by are tried first: a small program, and seldom a dearer move.
        """
        near = self.network.near(goal.cell)
        move = self._solve(goal, knower, amount, near, only_hidden=only_hidden)
        if move is None and len(near) < self.network.size:
            everything = np.arange(self.network.size)
            move = self._solve(goal, knower, amount, everything, only_hidden=only_hidden)
        return move

    def _solve(
        self, goal: Goal, knower: int, amount: float, cells: Indices, *, only_hidden: bool
    ) -> Move | None:
        network = self.network
        movable = ~network.closed[cells]
        if only_hidden:
            movable &= self.hidden[cells]
        if knower != NOBODY:
            movable &= network.knower[cells] != knower
        cells = cells[movable]
        target = int(np.searchsorted(cells, goal.cell))
        scale = 1.0 / amount
        up, down = network.up[cells] * scale, network.down[cells] * scale
        hidden = self.hidden[cells]
        cost = np.where(hidden, _ALREADY_HIDDEN, network.weight[cells])
        # A cell that cannot go as far costs as much once it is hidden: per unit, it is dearer.
        cost_up = cost / np.clip(up, 1e-6, 1.0)
        cost_down = cost / np.clip(down, 1e-6, 1.0)
        lower_up, lower_down = np.zeros_like(up), np.zeros_like(down)
        going, staying = (
            ((lower_up, up), (lower_down, down))
            if goal.direction == UP
            else ((lower_down, down), (lower_up, up))
        )
        going[0][target] = going[1][target] = 1.0
        staying[1][target] = 0.0
        matrix = self._rows_of(cells)
        solved = self._solver.solve(
            Program(
                np.concatenate([cost_up, cost_down]),
                np.concatenate([lower_up, lower_down]),
                np.concatenate([up, down]),
                csc_array(hstack([matrix, -matrix])),
                np.zeros(matrix.shape[0]),
                np.zeros(matrix.shape[0]),
            )
        )
        if solved.x is None:
            return None
        by = solved.x[: len(cells)] - solved.x[len(cells) :]
        moves = np.abs(by) > _STILL * np.abs(by).max()
        return Move(cells[moves], by[moves] * amount)

    def _rows_of(self, cells: Indices) -> csc_array:
        """The sums of these cells, restricted to them."""
        part = self.network.by_cell[:, cells]
        rows = np.unique(part.indices)
        self._row[rows] = np.arange(len(rows))
        return csc_array(
            (part.data, self._row[part.indices], part.indptr), shape=(len(rows), len(cells))
        )

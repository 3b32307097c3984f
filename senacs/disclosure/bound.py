"""How little could be hidden at best: a bound that no protection can beat.

A hidden cell that is alone in a sum can be computed from the others. So each cell that a rule
hides needs company in each of its sums, also against who knows some of the others; and so does
what is hidden to keep it company. The least that meets these needs is an integer program; margins
ask for more still. (The bridge-less inequalities of Fischetti and Salazar, 2001.)
"""

import numpy as np
from scipy.sparse import csc_array

from senacs.disclosure.network import NOBODY, Network
from senacs.disclosure.solver import Program, Solver


def least_weight(network: Network, solver: Solver, seconds: float) -> float:
    """The least weight of hidden cells, the primary ones included, as far as found in the time."""
    program = _company(network)
    whole = Program(**{**program.__dict__, "whole": np.ones(network.size, dtype=bool)})
    if seconds <= 0:
        return max(solver.solve(program).bound, _primary_weight(network))
    return max(solver.solve(whole, seconds=seconds).bound, _primary_weight(network))


def _primary_weight(network: Network) -> float:
    return float(network.weight[network.always & ~network.untold].sum())


def _company(network: Network) -> Program:
    """One x a cell, 1 if it is hidden; one row a need of company."""
    rows: list[int] = []
    columns: list[int] = []
    entries: list[float] = []
    least: list[float] = []
    start, members = network.by_sum.indptr, network.by_sum.indices
    fixed = (network.up <= 0) & (network.down <= 0)
    for number in range(network.by_sum.shape[0]):
        cells = [int(c) for c in members[start[number] : start[number + 1]] if not fixed[c]]
        knowers = {int(network.knower[c]) for c in cells if network.always[c]} - {NOBODY}
        for cell in cells:
            if network.untold[cell] and not network.primary[cell]:
                continue
            others = [c for c in cells if c != cell]
            against = {NOBODY}
            if network.primary[cell]:
                against |= knowers - {int(network.knower[cell])}
            for knower in against:
                row = len(least)
                company = [c for c in others if knower == NOBODY or network.knower[c] != knower]
                if not company:
                    continue
                rows += [row] * (len(company) + 1)
                columns += [cell, *company]
                entries += [-1.0, *([1.0] * len(company))]
                least.append(0.0)
    lower = network.always.astype(float)
    return Program(
        np.where(network.untold, 0.0, network.weight),
        lower,
        np.where(fixed & ~network.always, 0.0, 1.0),
        csc_array((entries, (rows, columns)), shape=(len(least), network.size)),
        np.array(least),
        np.full(len(least), np.inf),
    )

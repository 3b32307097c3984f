"""What to hide: the primary cells, and as little else as keeps them from being computed.

A table falls apart into components that share no sum; each is protected by itself, whatever the
others do, so that components may be shared out among processes.
"""

from dataclasses import dataclass

from senacs.disclosure.bound import least_weight
from senacs.disclosure.circuits import Moves
from senacs.disclosure.network import Network
from senacs.disclosure.solver import Solver
from senacs.disclosure.table import Key, Table


@dataclass(frozen=True)
class Protection:
    """What of a table is hidden.

    Attributes:
        hidden: the cells that are not printed though they could be: primary and complementary.
        primary: of these, what a rule hides.
        unprotected: primary cells that nothing protects: what gives them away is already told, or
            there is nothing else to hide.
        weight: information that is hidden.
        primary_weight: of that, what rules hide.
        total_weight: information in the table.
        least: no protection hides less than this.
    """

    hidden: frozenset[Key]
    primary: frozenset[Key]
    unprotected: frozenset[Key]
    weight: float
    primary_weight: float
    total_weight: float
    least: float

    @property
    def complementary(self) -> frozenset[Key]:
        """What is hidden for the sake of the others."""
        return self.hidden - self.primary


def protect(
    table: Table,
    *,
    complementary: bool = True,
    thin_out: bool = True,
    bound_seconds: float = 0.0,
) -> Protection:
    """Hide the primary cells and what they need.

    Args:
        table: any tables; those that share cells are protected together.
        complementary: False hides the primary cells alone, for comparison.
        thin_out: whether to look for cells that need not stay hidden; most of the time goes there.
        bound_seconds: time for the bound of each component; 0: that of a linear program.
    """
    solver = Solver()
    hidden: set[Key] = set()
    unprotected: set[Key] = set()
    least = 0.0
    for part in table.components():
        if not part.primary:
            continue
        network = Network(part)
        moves = Moves(network, solver)
        if complementary:
            moves.protect_all()
            if thin_out:
                moves.thin_out()
        hidden |= {c.key for c, out in zip(part.cells, moves.hidden, strict=True) if out}
        unprotected |= {part.cells[goal.cell].key for goal in moves.impossible}
        least += least_weight(network, solver, bound_seconds)
    hidden &= table.tellable
    primary = frozenset(hidden & table.primary)
    return Protection(
        frozenset(hidden),
        primary,
        frozenset(unprotected),
        table.weight_of(hidden),
        table.weight_of(primary),
        table.weight_of(table.tellable),
        least,
    )

"""What is told of a table: protected, attacked, and hidden further where the attack finds anything.

Protection thinks in real numbers, the attack in whole ones too; what lies between is met here.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from senacs.disclosure.audit import Breach, breaches
from senacs.disclosure.protection import protect
from senacs.disclosure.table import Key, Standing, Table


@dataclass(frozen=True)
class Guarded:
    """What of a table, or of several, may not be told.

    Attributes:
        hidden: cells that are not told though they could be: primary and complementary.
        breaches: what the attack finds all the same; nothing may leave while there are any.
        n_cells: cells that would be told if nothing were hidden.
        n_primary: of these, hidden by a rule.
        weight: information that is hidden; `primary_weight`: by rules; `total_weight`: all of it.
        least: no protection hides less than this.
    """

    hidden: frozenset[Key]
    breaches: tuple[Breach, ...]
    n_cells: int
    n_primary: int
    weight: float
    primary_weight: float
    total_weight: float
    least: float


def guarded(table: Table) -> Guarded:
    """Protect a table until the attack finds nothing, or nothing is left to be hidden."""
    protection = protect(table)
    hidden = protection.hidden
    while found := breaches(table, hidden):
        more = _beside(table, {breach.key for breach in found}) - hidden
        if not more:
            break
        hidden |= more
    return Guarded(
        hidden,
        tuple(found),
        len(table.tellable),
        len(protection.primary),
        table.weight_of(hidden),
        protection.primary_weight,
        protection.total_weight,
        protection.least,
    )


def together(parts: Iterable[Guarded]) -> Guarded:
    """Several tables that share nothing, as one."""
    every = tuple(parts)
    return Guarded(
        frozenset[Key]().union(*(one.hidden for one in every)),
        tuple(breach for one in every for breach in one.breaches),
        sum(one.n_cells for one in every),
        sum(one.n_primary for one in every),
        sum(one.weight for one in every),
        sum(one.primary_weight for one in every),
        sum(one.total_weight for one in every),
        sum(one.least for one in every),
    )


def _beside(table: Table, keys: AbstractSet[Key]) -> frozenset[Key]:
    """The cells in a sum with any of these that there is a choice about."""
    near = {
        key
        for one in table.sums
        for key in (one.whole, *one.parts)
        if not keys.isdisjoint((one.whole, *one.parts))
    }
    return frozenset(key for key in near if table[key].standing is Standing.OPEN)

"""`python -m benchmarks.disclosure [CAMPAIGNS]`: what is hidden and found, and how long it takes.

First as many small generated campaigns as asked (40): six départements by two breakdowns, every
tenth with one where an association manages five of the eight centres that answered. Then one sum
of one population in a France of 101 départements by four breakdowns, as a publication consists of
some hundreds of.
"""

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as Shown

from senacs.disclosure.audit import breaches
from senacs.disclosure.protection import protect
from senacs.disclosure.rules import Kind, load_rules
from senacs.disclosure.table import Table
from senacs.settings import PROJECT_ROOT
from tests.support.disclosed import campaign, eight_of_nine, table

_RULES = load_rules(PROJECT_ROOT / "codebook")


@dataclass
class _Measured:
    """Sums over the tables of one line; weights and cells as counts, times in seconds."""

    tables: int = 0
    cells: int = 0
    primary: int = 0
    hidden: int = 0
    total_weight: float = 0.0
    weight: float = 0.0
    primary_weight: float = 0.0
    least: float = 0.0
    protecting: float = 0.0
    attacking: float = 0.0
    broken: int = 0
    broken_without: int = 0

    def add(self, cells: Table, bound_seconds: float) -> None:
        """Protect and attack one more table; attack it with its primary cells hidden alone too."""
        began = time.perf_counter()
        protection = protect(cells, bound_seconds=bound_seconds)
        protected = time.perf_counter()
        found = breaches(cells, protection.hidden)
        self.attacking += time.perf_counter() - protected
        self.protecting += protected - began
        self.tables += 1
        self.cells += len(cells.tellable)
        self.primary += len(protection.primary)
        self.hidden += len(protection.hidden)
        self.total_weight += protection.total_weight
        self.weight += protection.weight
        self.primary_weight += protection.primary_weight
        self.least += protection.least
        self.broken += bool(found)
        self.broken_without += bool(breaches(cells, protection.primary))

    def line(self) -> Iterable[str]:
        """What a reader compares."""
        weights = (self.primary_weight, self.least, self.weight)
        return (
            f"{self.tables}",
            f"{self.cells}",
            *(f"{100 * n / self.cells:.1f} %" for n in (self.primary, self.hidden)),
            *(f"{100 * weight / self.total_weight:.1f} %" for weight in weights),
            f"{self.protecting:.1f}",
            f"{self.attacking:.1f}",
            f"{self.broken}",
            f"{self.broken_without}",
        )


def main() -> None:
    """Print one line a kind of sum and size."""
    campaigns = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    shown = Shown(
        *("", "tables", "cells", "primary", "hidden", "weight of primary", "least possible"),
        *("hidden weight", "protect, s", "attack, s", "found", "found without complementary"),
    )
    for kind in (Kind.AMOUNT, Kind.COUNT):
        small = _Measured()
        for seed in range(campaigns // 2):
            answers = campaign(seed)
            small.add(table(answers if seed % 10 else eight_of_nine(answers), _RULES, kind), 0.5)
        shown.add_row(f"small, {kind.value}", *small.line())
        france = _Measured()
        breakdowns = ("federation", "gestion", "taille", "qpv")
        answers = campaign(1, 101, most=44)
        france.add(table(answers, _RULES, kind, breakdowns=breakdowns, together=5), 0.0)
        shown.add_row(f"France, {kind.value}", *france.line())
    Console(width=140).print(shown)


if __name__ == "__main__":
    main()

"""`python -m benchmarks.disclosure [DEPARTEMENTS]`: what is hidden, and how long that takes.

One sum of one population, in a France of 101 départements or as many as asked, by four
breakdowns: a publication consists of some hundreds of these. Generated answers.
"""

import sys
import time

from rich.console import Console
from rich.table import Table as Shown

from senacs.disclosure.audit import breaches
from senacs.disclosure.protection import protect
from senacs.disclosure.rules import Kind, load_rules
from senacs.settings import PROJECT_ROOT
from tests.support.disclosed import campaign, table

_BREAKDOWNS = ("federation", "gestion", "taille", "qpv")


def main() -> None:
    """Print one line a kind of sum."""
    departements = int(sys.argv[1]) if len(sys.argv) > 1 else 101
    rules = load_rules(PROJECT_ROOT / "codebook")
    shown = Shown(
        *("sum", "cells", "primary", "hidden", "weight", "primary only", "least possible"),
        *("protect, s", "attack, s", "breaches"),
        title=f"{departements} départements",
    )
    for kind in (Kind.AMOUNT, Kind.COUNT):
        answers = campaign(1, departements, most=44)
        cells = table(answers, rules, kind, breakdowns=_BREAKDOWNS, together=5)
        began = time.perf_counter()
        protection = protect(cells)
        protected = time.perf_counter()
        found = breaches(cells, protection.hidden)
        ended = time.perf_counter()
        share = 100 / protection.total_weight
        shown.add_row(
            kind.value,
            str(len(cells.cells)),
            f"{100 * len(protection.primary) / len(cells.cells):.1f} %",
            f"{100 * len(protection.hidden) / len(cells.cells):.1f} %",
            f"{protection.weight * share:.1f} %",
            f"{protection.primary_weight * share:.1f} %",
            f"{protection.least * share:.1f} %",
            f"{protected - began:.1f}",
            f"{ended - protected:.1f}",
            str(len(found)),
        )
    Console(width=120).print(shown)


if __name__ == "__main__":
    main()

"""`make crash`: kill -9 of the worker and of PostgreSQL at random moments, as a table.

`python -m tests.crash --seed 1 --only 17` replays one round.
"""

import argparse
import itertools
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from senacs.settings import PROJECT_ROOT
from tests.support.crashes import POSTGRES, WORKER, Round, workshop


def main() -> int:
    """Run, print each round as it ends, then all that is wrong; 1 if anything is."""
    given = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 200)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    table = Table(title=f"kill -9, seed {given.seed}", title_justify="left")
    for name in ("round", "killed", "load", "moment", "going on", "the run ended", "then"):
        table.add_column(name)
    rounds: list[Round] = []
    cache = PROJECT_ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="senacs-crash-", dir=cache) as folder,
        workshop(Path(folder), port) as made,
    ):
        for load in made.loads:
            console.print(f"{load.name}: {load.seconds:.1f} s undisturbed")
        for number, killed in _plan(given.moments):
            if given.only in (None, number):
                rounds.append(made.round(given.seed, number, killed))
                console.print(f"[dim]{_cells(rounds[-1])}[/dim]", highlight=False)
    for one in rounds:
        table.add_row(*_cells(one))
    console.print(table)
    bad = [one for one in rounds if one.wrong]
    for one in bad:
        console.print(f"[red]round {one.number}[/red]: " + "\n  ".join(one.wrong), markup=False)
    console.print(f"{len(rounds) - len(bad)} of {len(rounds)} rounds: as an undisturbed run")
    return 1 if bad else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=50, help="of each of the two kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="replay this round alone")
    return parser.parse_args()


def _plan(moments: int) -> Iterator[tuple[int, str]]:
    """Each round's number and what it kills; the loads take turns, hence an even number of each."""
    kinds = [
        *itertools.islice(itertools.cycle(WORKER), moments),
        *itertools.islice(itertools.cycle(POSTGRES), moments),
    ]
    return enumerate(kinds)


def _cells(one: Round) -> tuple[str, ...]:
    return (
        str(one.number),
        one.killed,
        one.load,
        f"{one.moment:.2f} of {one.seconds:.2f} s",
        one.going_on,
        one.ended[:120],
        "equal" if not one.wrong else f"WRONG ({len(one.wrong)})",
    )


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.warehouse`: what it costs to fill and to keep the warehouse of all France.

A simulated national year of a million answers through the real flows, beside what `psql` needs to
copy the same answers and what plain code needs; one département again among fifteen years; and how
time and memory grow with the structures. Takes some minutes.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.structures import departements
from senacs.simulation.campaign.world import World, simulate

YEAR = 2022
_A_MILLION = 1.34
"""As many times the structures of that year give a million answers."""
_GROWTH = (1, 4, 16)
Measures = dict[str, float]


def main() -> None:
    """Simulate, measure, print."""
    console = Console()
    everywhere = departements()
    found = _measured("year", everywhere, _A_MILLION)
    console.print(_year(found, len(everywhere)))
    console.print(_again(found))
    some = everywhere[::4]
    console.print(_growth([(n, _measured("growth", some, n)) for n in _GROWTH], len(some)))


def _measured(part: str, territories: tuple[str, ...], times: float) -> Measures:
    cache = PROJECT_ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="senacs-benchmark-", dir=cache))
    world = World(1, (YEAR,), {code: (code,) for code in territories}, 0.002, times=times)
    out = folder / "world"
    try:
        for _ in simulate(world, out, PROJECT_ROOT / "codebook"):
            pass
        line = [sys.executable, "-m", "benchmarks.loading", part, str(out), str(YEAR)]
        done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    measures: Measures = json.loads(done.stdout.splitlines()[-1])
    return measures


def _year(found: Measures, exports: int) -> Table:
    answers, copied = found["answers"], found["copied"]
    plain = found["plain"] / found["plain_answers"] * answers
    table = Table(
        title=f"A national year: {exports} exports, {answers:,.0f} answers", title_justify="left"
    )
    table.add_column("what")
    for name in ("seconds", "µs an answer", "times psql"):
        table.add_column(name, justify="right")
    for what, seconds in (
        ("from the sources to both layers", found["loaded"]),
        ("again, with reports, indicators and summary", found["whole"]),
        ("again, nothing new", found["unchanged"]),
        ("psql \\copy of the same answers into the same table with its index", copied),
        ("pandas, an expectation a column, to_sql (every tenth territory, scaled)", plain),
    ):
        table.add_row(
            what, f"{seconds:.1f}", f"{seconds / answers * 1e6:.1f}", f"{seconds / copied:.1f}"
        )
    table.caption = (
        f"Plain code takes {plain / found['loaded']:.1f} times as long. Largest memory "
        f"{found['memory'] / 2**20:,.0f} MB. On disk, an answer takes "
        f"{found['bytes_department'] / answers:.0f} bytes in the department layer and "
        f"{found['bytes_national'] / answers:.0f} in the national one, indexes included."
    )
    return table


def _again(found: Measures) -> Table:
    table = Table(title="One département again, indicators included", title_justify="left")
    table.add_column("with")
    table.add_column("seconds", justify="right")
    table.add_row(f"one year ({found['answers']:,.0f} answers)", f"{found['again']:.2f}")
    table.add_row(
        f"fifteen years ({found['answers_held']:,.0f} answers)", f"{found['again_among_all']:.2f}"
    )
    table.caption = f"{found['again_among_all'] / found['again']:.2f} times as long"
    return table


def _growth(found: list[tuple[int, Measures]], exports: int) -> Table:
    table = Table(title=f"Growth: {exports} exports, of ever more structures", title_justify="left")
    for name in ("structures", "answers", "seconds", "µs an answer", "memory, MB"):
        table.add_column(name, justify="right")
    for times, one in found:
        table.add_row(
            f"× {times}",
            f"{one['answers']:,.0f}",
            f"{one['loaded']:.1f}",
            f"{one['loaded'] / one['answers'] * 1e6:.1f}",
            f"{one['memory'] / 2**20:,.0f}",
        )
    return table


if __name__ == "__main__":
    main()

"""`python -m benchmarks.indicators`: what it costs to keep the figures of all France fresh.

A simulated national year of as many structures as there are, loaded through the real flows and
laid down as fifteen years; then every figure of one year and of all, and those that one
département's load changes. Takes some minutes.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.warehouse import YEAR
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.structures import departements
from senacs.simulation.campaign.world import World, simulate

Measures = dict[str, float]


def main() -> None:
    """Simulate, measure, print."""
    console = Console()
    cache = PROJECT_ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="senacs-benchmark-", dir=cache))
    world = World(1, (YEAR,), {code: (code,) for code in departements()}, 0.002)
    try:
        for _ in simulate(world, folder / "world", PROJECT_ROOT / "codebook"):
            pass
        line = [
            sys.executable,
            "-m",
            "benchmarks.loading",
            "figures",
            str(folder / "world"),
            str(YEAR),
        ]
        done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found: Measures = json.loads(done.stdout.splitlines()[-1])
    console.print(_table(found))


def _table(found: Measures) -> Table:
    table = Table(title=f"Figures of {found['years']:.0f} years of France", title_justify="left")
    table.add_column("what")
    for name in ("seconds", "target"):
        table.add_column(name, justify="right")
    for what, key, target in (
        ("every figure of one year", "one_year", "20"),
        ("every figure of all years, two side by side", "all_years", "300"),
        ("after one département's load, of the last year", "again_last", "1"),
        ("after one département's load, of a year in the middle", "again_middle", "1"),
        ("nothing new", "unchanged", ""),
    ):
        table.add_row(what, f"{found[key]:.2f}", target)
    table.caption = (
        f"{found['cells']:,.0f} figures of {found['indicators']:.0f} indicators; "
        f"{found['parts']:,.0f} parts; {found['bytes'] / 2**30:.1f} GB on disk, indexes included."
    )
    return table


if __name__ == "__main__":
    main()

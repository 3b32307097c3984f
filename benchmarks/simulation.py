"""`python -m benchmarks.simulation`: all of France simulated, then read and typed.

Prints how long a national year takes to make, and to read by its own codebook, with the share of
each format. Unlike `benchmarks.reading` its files are what territories send: real questionnaire,
own titles, title rows, defects.
"""

import resource
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from senacs.codebook import load_collection
from senacs.reading import read_export
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.structures import departements
from senacs.simulation.campaign.world import Made, World, simulate

DATA_YEARS = (2018, 2022)


def main() -> None:
    """Make each national year, read it, print."""
    console = Console()
    for data_year in DATA_YEARS:
        with tempfile.TemporaryDirectory() as folder:
            _year(console, Path(folder) / "france", data_year)


def _year(console: Console, out: Path, data_year: int) -> None:
    world = World(1, (data_year,), {code: (code,) for code in departements()}, defects=0.002)
    start = time.perf_counter()
    made = list(simulate(world, out, PROJECT_ROOT / "codebook"))
    took = time.perf_counter() - start
    structures = sum(export.structures for export in made)
    cells = sum(export.cells for export in made)
    console.print(
        f"Data year {data_year}: {len(made)} exports of {structures} structures, "
        f"{sum(e.responded for e in made)} of which answered, {cells} cells, made in {took:.1f} s; "
        f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    console.print(_read(out, made, data_year))


def _read(out: Path, made: list[Made], data_year: int) -> Table:
    collection = load_collection(out / "codebook", "senacs")
    spent: dict[str, tuple[int, int, float]] = {}
    for export in made:
        data = export.path.read_bytes()
        start = time.perf_counter()
        evidence = read_export(data, export.path.name, collection, export.territory, data_year)
        own = time.perf_counter() - start
        if evidence.file["problem"][0]:
            raise SystemExit(f"{export.path.name}: {evidence.file['problem'][0]}")
        kind = export.path.name.partition(".")[2]
        count, size, seconds = spent.get(kind, (0, 0, 0.0))
        spent[kind] = (count + 1, size + len(data), seconds + own)
    total = sum(seconds for _, _, seconds in spent.values())
    table = Table(title=f"read and typed in {total:.1f} s")
    for title in ("suffix", "files", "MB", "seconds", "share"):
        table.add_column(title, justify="left" if title == "suffix" else "right")
    for kind, (count, size, seconds) in sorted(spent.items()):
        share = f"{seconds / total:.0%}"
        table.add_row(kind, str(count), f"{size / 1e6:.1f}", f"{seconds:.2f}", share)
    return table


if __name__ == "__main__":
    main()

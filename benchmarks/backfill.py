"""`python -m benchmarks.backfill`: fifteen simulated years of France, from files to indicators.

The real flow `backfill`, where SENACS_RUNNER says (threads or dask). Makes the years first, which
takes some minutes and is not counted; `--world FOLDER` takes what `senacs simulate` has made.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil
from rich.console import Console
from rich.table import Table

from senacs.cli.years import years_in
from senacs.settings import PROJECT_ROOT, settings
from senacs.simulation.campaign.structures import departements
from senacs.simulation.campaign.world import World, simulate

FIRST, LAST = 2010, 2024
_T = TypeVar("_T")
_SERVICES = ("postgres", "prefect_main")
_LOOK_EVERY = 0.5


def main() -> None:
    """Simulate, backfill, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=Path, help="a folder that `senacs simulate` has made")
    parser.add_argument(
        "--years", default=f"{FIRST}-{LAST}", help="of the world, such as 2018-2019"
    )
    given = parser.parse_args()
    years = years_in([given.years])
    console = Console()
    cache = PROJECT_ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="senacs-benchmark-", dir=cache))
    try:
        world = given.world or _simulated(folder / "world", years)
        os.environ |= {
            "SENACS_CODEBOOK": str(world / "codebook"),
            "SENACS_DROP_FOLDER": str(world / "exports"),
            "SENACS_HOME": str(folder / "home"),
        }
        _measure(console, years)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _simulated(out: Path, years: tuple[int, ...]) -> Path:
    world = World(1, years, {code: (code,) for code in departements()}, 0.002)
    for _ in simulate(world, out, PROJECT_ROOT / "codebook"):
        pass
    return out


def _measure(console: Console, span: tuple[int, ...]) -> None:
    from senacs.cli.session import working  # noqa: PLC0415 - reads the settings

    with working(console) as session:
        from flows.backfill import backfill  # noqa: PLC0415

        session.ready()
        years = _Clock()
        with _timed(sys.modules[backfill.fn.__module__], "campaign", years), _watched() as memory:
            start = time.perf_counter()
            outcomes = backfill(["senacs"], min(span), max(span))
            took = time.perf_counter() - start
        indicators = _of_indicators()
    table = Table(
        title=f"{len(span)} SIMULATED years of France, on {settings().runner}",
        title_justify="left",
    )
    for name in ("data year", "exports", "answers", "seconds", "indicators beside"):
        table.add_column(name, justify="right")
    for year in sorted(years.seconds):
        own = [one for one in outcomes if one.key.data_year == year]
        table.add_row(
            str(year),
            f"{len(own):,}",
            f"{sum(one.answers for one in own):,}",
            f"{years.seconds[year]:.1f}",
            f"{indicators[year]:.1f}",
        )
    answers = sum(one.answers for one in outcomes)
    table.add_row("all", f"{len(outcomes):,}", f"{answers:,}", f"{took:.1f}", "", style="bold")
    table.caption = (
        f"{took / 60:.1f} minutes, {took / answers * 1e6:.0f} µs an answer. Largest memory of all "
        f"processes but the services: {memory[0] / 2**20:,.0f} MB."
    )
    console.print(table)


def _of_indicators() -> dict[int, float]:
    """Seconds that each data year's indicators took, while exports of the next one were read."""
    from senacs.warehouse.engine import warehouse_as_owner  # noqa: PLC0415

    asked = (
        "select data_year, sum(seconds) from intake.step where step = 'refresh' group by data_year"
    )
    with warehouse_as_owner().connect() as connection:
        found = connection.exec_driver_sql(asked).tuples()
        return defaultdict(float, {year: float(seconds) for year, seconds in found})


class _Clock:
    """Seconds by data year of what is timed."""

    def __init__(self) -> None:
        self.seconds: dict[int, float] = defaultdict(float)

    def __call__(self, act: Callable[..., _T]) -> Callable[..., _T]:
        def timed(collection: str, data_year: int, **given: object) -> _T:
            start = time.perf_counter()
            try:
                return act(collection, data_year, **given)
            finally:
                self.seconds[data_year] += time.perf_counter() - start

        return timed


@contextmanager
def _timed(module: object, name: str, clock: _Clock) -> Iterator[None]:
    own = getattr(module, name)
    setattr(module, name, clock(own))
    try:
        yield
    finally:
        setattr(module, name, own)


@contextmanager
def _watched() -> Iterator[list[int]]:
    """The most memory that this process and those that it starts hold together, in bytes."""
    most = [0]
    ended = threading.Event()

    def watch() -> None:
        this = psutil.Process()
        while not ended.wait(_LOOK_EVERY):
            held = 0
            for process in (this, *this.children(recursive=True)):
                try:
                    if not any(name in " ".join(process.cmdline()) for name in _SERVICES):
                        held += process.memory_full_info().uss
                except psutil.Error:
                    continue
            most[0] = max(most[0], held)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield most
    finally:
        ended.set()
        watching.join()


if __name__ == "__main__":
    main()

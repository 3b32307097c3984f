"""`python -m benchmarks`: a table of times and memory, measured on this machine."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROUNDS = 3
_IMPORTS = ("senacs.cli", "prefect", "great_expectations")


def main() -> None:
    """Measure and print."""
    console = Console()
    table = Table(title="Benchmarks (median of 3, seconds)", title_justify="left")
    table.add_column("what")
    table.add_column("seconds", justify="right")
    table.add_column("per 1,000 answers, ms", justify="right")
    for name in _IMPORTS:
        table.add_row(f"import {name}", f"{_median(partial(_import, name)):.2f}", "")
    home = Path(tempfile.mkdtemp(prefix="senacs-benchmark-", dir=_folder()))
    os.environ["SENACS_HOME"] = str(home)
    try:
        for what, seconds, answers in _steps():
            rate = f"{seconds / answers * 1e6:.1f}" if answers else ""
            table.add_row(what, f"{seconds:.3f}", rate)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"Largest memory of this process: {peak:.0f} MB")


def _folder() -> Path:
    from senacs.settings import PROJECT_ROOT  # noqa: PLC0415 - after imports are timed

    folder = PROJECT_ROOT / ".cache"
    folder.mkdir(exist_ok=True)
    return folder


def _import(name: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {name}"], check=True)


def _median(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _steps() -> list[tuple[str, float, int]]:
    """Each step on the largest real export, 5,623 posts × 8 questions."""
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415
    from senacs.demo_supplier import serving  # noqa: PLC0415
    from senacs.services.stack import database  # noqa: PLC0415
    from senacs.settings import PROJECT_ROOT, settings  # noqa: PLC0415
    from tasks.collect import collect  # noqa: PLC0415
    from tasks.load import fingerprint_of, load  # noqa: PLC0415
    from tasks.prepare import prepare  # noqa: PLC0415
    from tasks.read import read  # noqa: PLC0415
    from tasks.refresh import refresh  # noqa: PLC0415
    from tasks.runs import open_run  # noqa: PLC0415
    from tasks.validate import validate  # noqa: PLC0415
    from tasks.workspace import Arrived, Came, workspace  # noqa: PLC0415

    key = TerritoryYear("adulte_relais", "france", 2022)
    rows: list[tuple[str, float, int]] = []

    def timed(what: str, act: Callable[[], object], answers: int = 0, rounds: int = ROUNDS) -> None:
        rows.append((what, _median(act, rounds), answers))

    with serving(PROJECT_ROOT / "demo" / "supplier") as address:
        os.environ["SENACS_SUPPLIER_URL"] = address
        start = time.perf_counter()
        with database(settings()):
            rows.append(("make and start PostgreSQL", time.perf_counter() - start, 0))
            timed("migrate, load reference data", lambda: prepare.fn(key.collection), rounds=1)
            timed("the same, nothing new", lambda: prepare.fn(key.collection))
            run = open_run(key, prepare.fn(key.collection))
            with workspace(run) as folder:
                timed("collect over HTTP, archive", lambda: collect.fn(run, folder), rounds=1)
                timed("collect, not modified", lambda: collect.fn(run, folder))
                receipt = collect.fn(run, folder)
                came = Came(run, receipt, fingerprint_of(run, receipt), folder)
                (answers,) = read.fn([came])
                one = Arrived(**vars(came), answers=answers)
                timed("read and type", lambda: read.fn([came]), answers)
                timed("first validation, with imports", lambda: validate.fn([one]), rounds=1)
                timed("validate", lambda: validate.fn([one]), answers)

                def load_again() -> None:
                    load.fn(replace(one, run=open_run(key, "benchmark")))

                timed("load both layers, one transaction", load_again, answers)
            timed(
                "refresh a year's indicators", lambda: refresh.fn("adulte_relais", 2022), rounds=1
            )
            timed("the same, nothing new", lambda: refresh.fn("adulte_relais", 2022))
    return rows


if __name__ == "__main__":
    main()

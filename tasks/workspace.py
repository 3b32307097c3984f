"""The folder of a run, where one step leaves what the next one takes up."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import polars as pl

from senacs.deliveries import Mark, Receipt, Run
from senacs.reading import Evidence
from senacs.settings import settings

_QUICK: Literal["lz4"] = "lz4"
"""The files live for seconds: smaller ones would cost more than they save."""


@dataclass(frozen=True)
class Came:
    """An export that came, and is not what is loaded.

    Attributes:
        run: the run that it is of.
        receipt: what came.
        mark: what its results depend on.
        folder: the run's folder.
    """

    run: Run
    receipt: Receipt
    mark: Mark
    folder: Path


@dataclass(frozen=True)
class Arrived(Came):
    """An export that the run's folder holds as read.

    Attributes:
        answers: how many answers that is, of any status.
    """

    answers: int


@contextmanager
def workspace(run: Run) -> Iterator[Path]:
    """The run's folder, gone at its end: nothing in it is needed to run again.

    Below one named after what is run, which the territory's lock keeps to one run at a time: so
    what a killed run left is taken away by the next. The run's own name keeps apart what a process
    that outlives a killed run still writes.
    """
    key = run.key
    place = settings().home / "work" / f"{key.collection}-{key.territory}-{key.data_year}"
    shutil.rmtree(place, ignore_errors=True)
    folder = place / str(run.run_id)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write_evidence(folder: Path, evidence: Evidence, former: Evidence | None = None) -> None:
    """Leave an export as read; of one that is there, what has changed of the former."""
    for part in fields(evidence):
        if former and getattr(evidence, part.name) is getattr(former, part.name):
            continue
        frame: pl.DataFrame = getattr(evidence, part.name)
        frame.write_parquet(folder / f"evidence-{part.name}.parquet", compression=_QUICK)


def read_columns(folder: Path) -> pl.DataFrame:
    """Take up what was read about the columns of an export."""
    return pl.read_parquet(folder / "evidence-columns.parquet")


def read_evidence(folder: Path) -> Evidence:
    """Take up an export as read."""
    return Evidence(
        *(pl.read_parquet(folder / f"evidence-{part.name}.parquet") for part in fields(Evidence))
    )


def write_verdict(folder: Path, **frames: pl.DataFrame) -> None:
    """Leave what the rules decided: `answers`, `records` and `findings`."""
    for name, frame in frames.items():
        frame.write_parquet(folder / f"verdict-{name}.parquet", compression=_QUICK)


def read_verdict(folder: Path, name: str) -> pl.DataFrame:
    """Take up one frame of what the rules decided."""
    return pl.read_parquet(folder / f"verdict-{name}.parquet")

"""Reads exports side by side, in processes of their own.

Reading is Python, which keeps one core of a process busy. The processes import no Prefect, so that
they are there at once; they last as long as there is something to read, and some seconds more.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import loky

from senacs.codebook import load_collection
from senacs.deliveries import TerritoryYear
from senacs.reading import read_export
from tasks.lifeline import end_with
from tasks.workspace import write_evidence

_MOST = 8
_IDLE_SECONDS = 10
_ENVIRONMENT = {"POLARS_MAX_THREADS": "1"}
"""There is a process a core already."""
_SUBMITTING = threading.Lock()
"""Loky's own reusable pool is one a thread: batches side by side would have twice the processes."""


@dataclass(frozen=True)
class Unread:
    """An archived export, and the folder that is to hold it as read."""

    key: TerritoryYear
    file_name: str
    data: bytes
    folder: Path


def read_side_by_side(exports: Sequence[Unread], codebook: Path) -> list[int | Exception]:
    """Leave each export as read in its folder; of each how many answers, or why it cannot be read.

    A single one is read in this process.
    """
    if len(exports) == 1:
        try:
            return [_read(exports[0], codebook)]
        except Exception as error:  # told to the caller, as of several
            return [error]
    reading = [_submitted(one, codebook) for one in exports]
    found: list[int | Exception] = []
    for one in reading:
        try:
            found.append(one.result())
        except Exception as error:
            found.append(error)
    return found


def _submitted(one: Unread, codebook: Path) -> "Future[int]":
    """The reading of an export, by processes that all threads share."""
    with _SUBMITTING:
        try:
            return readers().submit(_read, one, codebook)
        except BrokenExecutor:  # one of the processes has died: others take the place of all
            readers.cache_clear()
            return readers().submit(_read, one, codebook)


@cache
def readers() -> Executor:
    """The processes that read, as long as none of them has died."""
    made: Executor = loky.ProcessPoolExecutor(
        max_workers=min(loky.cpu_count(), _MOST),
        timeout=_IDLE_SECONDS,
        env=_ENVIRONMENT,
        initializer=end_with,
        initargs=(os.getpid(),),
    )
    return made


def _read(one: Unread, codebook: Path) -> int:
    declared = load_collection(codebook, one.key.collection)
    evidence = read_export(one.data, one.file_name, declared, one.key.territory, one.key.data_year)
    write_evidence(one.folder, evidence)
    return evidence.answers.height

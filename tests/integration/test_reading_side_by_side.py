"""Exports read in processes of their own give what they give in this one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from senacs.deliveries import TerritoryYear
from senacs.settings import PROJECT_ROOT
from tasks.reading import Unread, read_side_by_side, readers
from tasks.workspace import read_evidence

CODEBOOK = PROJECT_ROOT / "codebook"
EXPORTS = (
    ("registre", 2011, "registre_92_2011.csv"),
    ("senacs", 2011, "senacs_92_2011.csv"),
    ("senacs", 2012, "senacs_92_2012.csv"),
)


def unread_in(place: Path) -> list[Unread]:
    """The survey and its register as they came, each with an empty folder in this place."""
    made = []
    for collection, data_year, name in EXPORTS:
        folder = place / name
        folder.mkdir(parents=True)
        data = (PROJECT_ROOT / "demo" / "supplier" / collection / name).read_bytes()
        made.append(Unread(TerritoryYear(collection, "92", data_year), name, data, folder))
    return made


def test_they_give_what_each_gives_alone(tmp_path):
    together, alone = unread_in(tmp_path / "together"), unread_in(tmp_path / "alone")

    counts = read_side_by_side(together, CODEBOOK)

    assert counts == [read_side_by_side([one], CODEBOOK)[0] for one in alone]
    for one, other in zip(together, alone, strict=True):
        found, expected = read_evidence(one.folder), read_evidence(other.folder)
        for part in vars(expected):
            assert getattr(found, part).equals(getattr(expected, part)), part


def test_one_that_cannot_be_read_is_told_and_stops_no_other(tmp_path):
    exports = unread_in(tmp_path)
    exports[1].folder.rmdir()

    first, second, third = read_side_by_side(exports, CODEBOOK)

    assert isinstance(first, int)
    assert isinstance(second, FileNotFoundError)
    assert isinstance(third, int)


def test_a_process_that_dies_is_told_and_the_next_exports_are_read(tmp_path):
    reader = readers().submit(os.getpid).result()
    os.kill(reader, signal.SIGKILL)
    read_side_by_side(unread_in(tmp_path / "first"), CODEBOOK)

    counts = read_side_by_side(unread_in(tmp_path / "second"), CODEBOOK)
    assert all(isinstance(count, int) for count in counts)


PROGRAM = """
import os, signal, sys
from pathlib import Path
from tests.integration.test_reading_side_by_side import CODEBOOK, unread_in
from tasks.reading import read_side_by_side
read_side_by_side(unread_in(Path(sys.argv[1])), CODEBOOK)
for children in Path("/proc/self/task").glob("*/children"):
    print(children.read_text(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_processes_end_with_the_one_that_started_them(tmp_path):
    """Killed, it cannot tell them to."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert done.returncode == -signal.SIGKILL
    started = done.stdout.split()
    assert len(started) >= 2
    while any(Path(f"/proc/{pid}").exists() for pid in started):
        pass

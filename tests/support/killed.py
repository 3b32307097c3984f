"""A step of upkeep that is killed halfway, in a process of its own.

`python -m tests.support.killed backup|restore PLACE`: the environment names the installation.
"""

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import IO

from tasks.upkeep import backup, manifest, restore


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _half(source: IO[bytes], target: IO[bytes], _room: int) -> None:
    """Pass on what holds some tables and part of one, then die."""
    target.write(source.read(200_000))
    target.flush()
    _die()


def main(what: str, place: Path) -> None:
    if what == "backup":
        # All is written but the manifest.
        manifest.written = _die  # type: ignore[assignment]
        backup.back_up(place)
    else:
        shutil.copyfileobj = _half  # type: ignore[assignment]
        restore.restore(place)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

"""Locks between commands that use the same services.

Two locks do all: one that a command holds while it starts or stops services (one at a time), and
one that every command shares while it uses them, so that the last to leave knows it is the last.
The kernel frees both when a process dies, however it dies.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from senacs.errors import ServiceError

_POLL = 0.05
_PATIENCE = 300.0
"""Seconds that a command waits for another to start or stop the services (a crash recovery)."""


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ServiceError(
            f"{path} cannot be opened ({error.strerror}): the services belong to another account; "
            "run this command as that account."
        ) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def changing(run: Path) -> Iterator[None]:
    """Be the only command that starts or stops services.

    Raises:
        ServiceError: Another command has been at it for five minutes.
    """
    with _opened(run / "services.lock") as descriptor:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServiceError(
                        "Another command has been starting or stopping the services for "
                        f"{_PATIENCE:.0f} s. End it, then try again."
                    ) from None
                time.sleep(_POLL)
        yield


@contextlib.contextmanager
def using(run: Path) -> Iterator[None]:
    """Count as a user of the services."""
    with _opened(run / "users.lock") as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


def unused(run: Path) -> bool:
    """Whether no command uses the services; ask while `changing`, or the answer may be old."""
    with _opened(run / "users.lock") as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

"""Processes that run flows through Prefect's engine as `senacs run` does, to be killed by others.

They are forked from one that has imported everything: each starts at once.
"""

import faulthandler
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from senacs.errors import SenacsError
from senacs.services import prefect_client
from senacs.settings import settings
from tests.support.crashing import CONTEXT

Calls = Sequence[tuple[str, tuple[object, ...]]]
"""Flows by the names of their modules, and what they are called with."""

PATIENCE = 240.0
"""Seconds after which a process that has not ended hangs."""


@dataclass(frozen=True)
class Ended:
    """How a process ended that was not killed.

    Attributes:
        outcomes: how its territories ended, with their messages where they say why not.
        error: the sentence of an error of ours that ended a flow; empty if none did.
        fault: the traceback of any other error: a person must never see one.
    """

    outcomes: tuple[tuple[str, str], ...] = ()
    error: str = ""
    fault: str = ""

    def __str__(self) -> str:
        return (
            self.error
            or self.fault
            or " ".join(dict.fromkeys(outcome for outcome, _ in self.outcomes))
        )


class HangsError(Exception):
    """A process did not end in its time; its log says where it stood."""


class Victim:
    """A process that runs flows."""

    def __init__(self, environment: Mapping[str, str], calls: Calls, log: Path):
        self._log = log
        self._ours, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(
            target=_run, args=({**os.environ, **environment}, calls, log, theirs)
        )
        self._process.start()
        theirs.close()
        self._ours.recv()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def ends_within(self, seconds: float) -> bool:
        """Wait for it, but no longer."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def end(self) -> Ended | None:
        """How it ended; None if it was killed.

        Raises:
            HangsError: it does not end; it is killed then.
        """
        if not self.ends_within(PATIENCE):
            self._process.terminate()  # `faulthandler` writes down where it stands
            self._process.join(5)
            self.kill()
            raise HangsError(self._log.read_text(encoding="utf-8", errors="replace")[-6000:])
        try:
            return self._ours.recv() if self._ours.poll() else None
        except EOFError:
            return None

    def kill(self) -> None:
        """SIGKILL, and wait until it is dead."""
        self._process.kill()
        self._process.join()


def _run(environment: Mapping[str, str], calls: Calls, log: Path, parent: Connection) -> None:
    os.environ.clear()
    os.environ.update(environment)
    settings.cache_clear()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    faulthandler.register(15, file=sys.__stderr__, chain=True)
    parent.send("ready")
    parent.send(_ended(environment, calls))


@contextmanager
def _directed(environment: Mapping[str, str]) -> Iterator[None]:
    from prefect.settings import (  # noqa: PLC0415 - preloaded
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    told = {name: value for name, value in environment.items() if name.startswith("PREFECT_")}
    with (
        prefect_client.directed(told),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


def _ended(environment: Mapping[str, str], calls: Calls) -> Ended:
    from tests.support.imported import FLOWS  # noqa: PLC0415 - preloaded

    outcomes: list[tuple[str, str]] = []
    try:
        with _directed(environment):
            for name, arguments in calls:
                found = FLOWS[name](*arguments)
                outcomes += [
                    (str(one.outcome), one.message)
                    for one in (found if isinstance(found, list) else [found])
                ]
    except SenacsError as error:
        return Ended(tuple(outcomes), error=str(error))
    except BaseException:  # whatever a person would see
        return Ended(tuple(outcomes), fault=traceback.format_exc())
    return Ended(tuple(outcomes))

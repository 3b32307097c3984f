"""Processes that outlive the command which started them: started, recognised, stopped.

A pid alone proves nothing, since the system gives it out again; a process is ours when its pid and
its birth (which boot of the machine, which moment of it) are those that were recorded.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import psutil

from senacs.errors import ServiceError

_POLL = 0.02
"""Seconds between two looks at a process that is starting or ending."""

_LOG_LIMIT = 10_000_000
"""Bytes above which a log is set aside (one older log is kept) before a service starts."""

_MARK = "SENACS_SERVICE"
"""Environment variable that names the service a process belongs to, inherited by its children."""

_children: dict[int, "subprocess.Popen[bytes]"] = {}
# Kept so that a service of ours that dies is reaped at the next look instead of staying a zombie.


@dataclass(frozen=True)
class Record:
    """What is written down about a started service."""

    pid: int
    birth: str
    """What tells the process from a later one with the same pid, see `birth`."""
    port: int | None = None
    keep: bool = False
    """True if the service stays when the last command that uses it has ended (`senacs up`)."""
    facts: dict[str, str] = field(default_factory=dict)
    """What else must be equal for the service to be of use to a later command."""

    @property
    def alive(self) -> bool:
        """Whether that very process still runs."""
        return birth(self.pid) == self.birth

    @property
    def since(self) -> float:
        """When the process started, in seconds since 1970."""
        try:
            return float(psutil.Process(self.pid).create_time())
        except psutil.Error:
            return 0.0


def birth(pid: int) -> str | None:
    """What tells process `pid` from any other that had or will have this pid; None if it is dead.

    On Linux the boot and the clock ticks since then, because a time of day moves when the clock
    is set; elsewhere the time that the system keeps.
    """
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            if child is not None:
                child.wait()
            return None
        if not psutil.LINUX:
            return f"{process.create_time():.2f}"
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (psutil.Error, OSError, ValueError):
        return None
    # The name, second field, may hold spaces and brackets; the start is the 22nd field.
    return f"{boot}:{stat.rpartition(')')[2].split()[19]}"


def command_line(pid: int) -> list[str]:
    """The command line of a process; empty if it cannot be known."""
    try:
        return list(psutil.Process(pid).cmdline())
    except (psutil.Error, ValueError):
        return []


def read_record(path: Path) -> Record | None:
    """The record in `path`; None if there is none or it is not readable as one."""
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    except OSError as error:
        raise ServiceError(
            f"The state of the services cannot be read ({error}); "
            "they belong to another account: run this command as that account."
        ) from error


def write_record(path: Path, record: Record) -> None:
    """Write `record` so that a reader sees either the old or the new one, readable by us only."""
    write_private(path, json.dumps(asdict(record)))


def write_private(path: Path, text: str) -> None:
    """Replace a file by `text` in one step, mode 0600 from its first moment."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    pass_fds: Sequence[int] = (),
    nice: int = 0,
) -> "subprocess.Popen[bytes]":
    """Start a service in a session of its own, so that no Ctrl-C or closed terminal reaches it.

    Args:
        command: Program and arguments.
        env: Its whole environment.
        cwd: Its working directory.
        log: File that its output is added to.
        pass_fds: Descriptors that it inherits.
        nice: How far it, and what it starts, gives way to others.

    Raises:
        ServiceError: The program cannot be run.
    """
    try:
        with _log_end(log) as out:
            process = subprocess.Popen(
                [os.fspath(part) for part in command],
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )
    except OSError as error:
        raise ServiceError(f"{command[0]} cannot be started: {error}") from error
    _children[process.pid] = process
    if nice:
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, nice)
    return process


@contextlib.contextmanager
def _log_end(log: Path) -> Iterator[IO[bytes]]:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_name(log.name + ".1"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        yield file


def ended(record: Record, within: float) -> bool:
    """Wait until the recorded process is gone; False if it is still there after `within` s."""
    deadline = time.monotonic() + within
    while record.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def send(record: Record, number: signal.Signals) -> None:
    """Send a signal to the recorded process, if it is still that process.

    Raises:
        ServiceError: It belongs to another account.
    """
    if not record.alive:
        return
    try:
        os.kill(record.pid, number)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise ServiceError(
            f"Process {record.pid} belongs to another account; stop it as that account or as root."
        ) from error


def marked(env: Mapping[str, str], mark: str) -> dict[str, str]:
    """The environment of a service, with the mark by which what it starts can be found."""
    return {**env, _MARK: mark}


def stop(record: Record, *, patience: float, mark: str) -> None:
    """End a service and whatever it started: asked first, then made to.

    Args:
        record: The service; it need not run any more (what it left is ended all the same).
        patience: Seconds that it may take to end by itself, and then what it left as well.
        mark: What its environment was `marked` with.

    Raises:
        ServiceError: It belongs to another account.
    """
    _end([record], patience)
    _end(_bearing(mark), patience)


def _end(records: Sequence[Record], patience: float) -> None:
    for record in records:
        send(record, signal.SIGTERM)
    deadline = time.monotonic() + patience
    for record in records:
        if not ended(record, deadline - time.monotonic()):
            send(record, signal.SIGKILL)
            ended(record, patience)


def _bearing(mark: str) -> list[Record]:
    """The processes whose environment bears the mark, but for this one."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.environ().get(_MARK) != mark:
                continue
        except (OSError, psutil.Error):
            continue
        born = birth(process.pid)
        if born is not None:
            found.append(Record(process.pid, born))
    return found


def tail(log: Path, *, since: int = 0, lines: int = 15) -> str:
    """The last lines of what a log received after its first `since` bytes."""
    try:
        text = log.read_bytes()[since:].decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.rstrip().splitlines()[-lines:])


def size(log: Path) -> int:
    """Bytes of a log now; 0 if there is none or the next start will set it aside."""
    try:
        found = log.stat().st_size
    except OSError:
        return 0
    return 0 if found > _LOG_LIMIT else found

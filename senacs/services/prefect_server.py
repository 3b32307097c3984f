"""The embedded Prefect server: one process, its database on the embedded PostgreSQL.

It comes in two sizes: whole (`senacs up`: UI, scheduler, automations) and lean (for the duration
of a command: only what records the runs of that command).
"""

import contextlib
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from senacs.errors import ServiceError
from senacs.services import prefect_env, prefect_main, processes, signals
from senacs.services.layout import Layout
from senacs.services.postgres import HOST
from senacs.services.processes import Record

_BOOT_PATIENCE = 180.0
"""Seconds for a boot; the first one makes Prefect's tables (13 s on two slow cores)."""
_STOP_PATIENCE = 10.0
_POLL = 0.1
_BACKLOG = 128
_LEAN = "lean"
_WHOLE = "whole"

_TASK_RUNS_TOGETHER = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    # Whole seconds: of less Prefect makes 0, a loop without a rest.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
"""What tasks tell the server is written a second later and together: a transaction an event, as is
Prefect's own choice, was two thirds of what the server costs a campaign."""

_LEAN_ENVIRONMENT = {
    "PREFECT_SERVER_UI_ENABLED": "false",
    **{
        f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false"
        for name in (
            "CANCELLATION_CLEANUP",
            "CLEANUP_RECONCILER",
            "FOREMAN",
            "LATE_RUNS",
            "PAUSE_EXPIRATIONS",
            "REPOSSESSOR",
            "SCHEDULER",
            "TRIGGERS",
        )
    },
}


@dataclass(frozen=True)
class PrefectServer:
    """The Prefect server of one home."""

    layout: Layout

    @property
    def log(self) -> Path:
        """The file that holds what it says."""
        return self.layout.logs / "prefect-server.log"

    @property
    def _record_file(self) -> Path:
        return self.layout.run / "prefect-server.json"

    @property
    def _mark(self) -> str:
        return f"prefect server of {self.layout.home}"

    def running(self) -> Record | None:
        """The record of the running server (it may still boot); None if it does not run."""
        record = processes.read_record(self._record_file)
        return record if record is not None and record.alive else None

    def is_whole(self, record: Record) -> bool:
        """Whether this server has the UI and every service."""
        return record.facts.get("size") == _WHOLE

    def start(
        self,
        *,
        database_url: str,
        database_port: int,
        preferred_port: int,
        progress: Callable[[str], None],
        whole: bool,
    ) -> Record:
        """Start the server and come back at once, or find the one that runs; see `wait_ready`.

        A whole server that runs also serves a caller who asks for a lean one. A server whose
        database has moved to another port is replaced.

        Args:
            database_url: Prefect's database, for asyncpg.
            database_port: Port of that database.
            preferred_port: Port to listen on if it is free.
            progress: Told what is being done.
            whole: With UI and every service; the server then stays until `stop`.

        Raises:
            ServiceError: It cannot be started.
        """
        record = self.running()
        if record is not None:
            same_database = record.facts.get("database_port") == str(database_port)
            if same_database and (self.is_whole(record) or not whole):
                return record
            self.stop()
        progress("Starting the Prefect server")
        with _listening(preferred_port) as listener, signals.deferred():
            port = int(listener.getsockname()[1])
            process = processes.start(
                [
                    sys.executable,
                    # -P: the folder of the script must not be searched for modules.
                    "-P",
                    Path(prefect_main.__file__).resolve(),
                    str(listener.fileno()),
                ],
                env=processes.marked(
                    self._environment(database_url, port, whole=whole), self._mark
                ),
                cwd=self.layout.prefect,
                log=self.log,
                pass_fds=[listener.fileno()],
            )
            born = processes.birth(process.pid)
            if born is None:
                raise self._death()
            facts = {
                "size": _WHOLE if whole else _LEAN,
                "database_port": str(database_port),
            }
            record = Record(process.pid, born, port, keep=whole, facts=facts)
            processes.write_record(self._record_file, record)
        return record

    def _environment(self, database_url: str, port: int, *, whole: bool) -> dict[str, str]:
        own = prefect_env.client(self.layout, port)
        # The server must not be a client of itself.
        del own["PREFECT_API_URL"]
        own |= {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url,
            "PREFECT_SERVER_API_HOST": HOST,
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_API_AUTH_STRING": own["PREFECT_API_AUTH_STRING"],
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "PREFECT_LOGGING_COLORS": "false",
            # By default any web page in the user's browser may call the API.
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port},http://localhost:{port}",
            # By default the UI is unpacked inside the installed package.
            "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(self.layout.prefect / "ui"),
            **_TASK_RUNS_TOGETHER,
        }
        return prefect_env.service(self.layout, own if whole else own | _LEAN_ENVIRONMENT)

    def wait_ready(self, record: Record) -> None:
        """Block until the server answers.

        Raises:
            ServiceError: It ended while it booted, or did not get ready within three minutes.
        """
        deadline = time.monotonic() + _BOOT_PATIENCE
        while record.alive:
            if record.port is not None and self._healthy(record, record.port, deadline):
                return
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"The Prefect server did not get ready within {_BOOT_PATIENCE:.0f} s; "
                    f"its log is {self.log}."
                )
            time.sleep(_POLL)
        raise self._death()

    def _healthy(self, record: Record, port: int, deadline: float) -> bool:
        """Ask once; the question waits in the socket's queue until the server has booted."""
        with contextlib.suppress(OSError), socket.create_connection((HOST, port)) as asking:
            asking.sendall(b"GET /api/health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            while record.alive and time.monotonic() < deadline:
                if select.select([asking], [], [], _POLL)[0]:
                    return asking.recv(64).split(b" ")[1:2] == [b"200"]
        return False

    def _death(self) -> ServiceError:
        return ServiceError(
            f"The Prefect server ended while it booted. The last lines of {self.log}:\n"
            f"{processes.tail(self.log)}"
        )

    def stop(self) -> bool:
        """Stop the server and what a crash of it left behind; whether it ran."""
        record = processes.read_record(self._record_file)
        if record is None:
            return False
        ran = record.alive
        processes.stop(record, patience=_STOP_PATIENCE, mark=self._mark)
        processes.write_record(self._record_file, replace(record, keep=False))
        return ran


@contextlib.contextmanager
def _listening(preferred: int) -> Iterator[socket.socket]:
    """A socket that listens on the preferred port of the loopback, or on another one."""
    for port in (preferred, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(_BACKLOG)
        except OSError as error:
            listener.close()
            if port == 0:
                raise ServiceError(f"There is no free port on {HOST}: {error}") from error
            continue
        with listener:
            yield listener
        return

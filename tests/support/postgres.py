"""PostgreSQL servers for tests: databases copied from templates, and a second, older server."""

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

SYSTEM_SERVERS = Path("/usr/lib/postgresql")
OLDEST = 15
PORTAL_ROLES = ("senacs_portal", "senacs_gate")
_NUMBERS = itertools.count(1)


class Server:
    """A running PostgreSQL on which the tests may make databases."""

    def __init__(self, url: str):
        self._url = make_url(url)
        self._admin = create_engine(
            self._url.set(database="postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True
        )

    @property
    def version(self) -> int:
        return int(self._ask("show server_version_num")[0][0]) // 10_000

    def create(self, template: str = "template0") -> str:
        """The URL of a new database; a copy of `template`, whose connections are ended."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        # Connections of tests that are over are pooled still.
        self._ask(
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{template}'"  # noqa: S608
        )
        self._do(f"create database {name} template {template}")
        # As the embedded server's own warehouse is; what a database is open to is in no template.
        self._do(f"revoke all on database {name} from public")
        if self._ask("select from pg_roles where rolname = 'senacs_etl'"):
            self._do(f"grant temporary on database {name} to senacs_etl")
        return self.url(name)

    def drop(self, url: str) -> None:
        self._do(f"drop database {make_url(url).database} with (force)")

    def clear(self) -> None:
        """Drop what tests of this process have left: roles can go that had rights there."""
        for (name,) in self._ask(
            f"select datname from pg_database where datname like 'test\\_{os.getpid()}\\_%%'"  # noqa: S608
        ):
            self._do(f"drop database {name} with (force)")

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        self._admin.dispose()

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def _ask(self, statement: str) -> list:
        with self._admin.connect() as connection:
            return list(connection.exec_driver_sql(statement))


def name_of(url: str) -> str:
    return make_url(url).database


def system_binaries() -> Path | None:
    """The programs of the newest PostgreSQL (15 or later) that the system brings, if any."""
    found = [path for path in SYSTEM_SERVERS.glob("*/bin") if (path / "initdb").is_file()]
    numbered = [(int(path.parent.name), path) for path in found if path.parent.name.isdigit()]
    return max((n, p) for n, p in numbered if n >= OLDEST)[1] if numbered else None


@contextmanager
def started(binaries: Path) -> Iterator[str]:
    """A server of its own in a temporary folder: its URL."""
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="senacs-tests-"))
    data, log = folder / "data", folder / "log"
    if account:
        shutil.chown(folder, account)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [binaries / program, *arguments]
        subprocess.run(command, check=True, user=account, cwd=folder, stdout=subprocess.DEVNULL)

    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    try:
        run("initdb", "-D", str(data), "-U", "senacs", "-A", "trust", "-E", "UTF8", "--no-locale")
        run("pg_ctl", "-D", str(data), "-l", str(log), "-o", settings, "-w", "start")
        try:
            yield f"postgresql+psycopg://senacs@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _account() -> str | None:
    """PostgreSQL does not run as root: the account that runs it then."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"

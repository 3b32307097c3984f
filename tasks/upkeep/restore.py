"""Restores a backup into an empty warehouse, or gives the archive back what it lost."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from senacs.errors import WarehouseError
from senacs.settings import settings
from senacs.warehouse.engine import warehouse_as_owner
from senacs.warehouse.revisions import newest_revision, upgrade
from senacs.warehouse.statements import execute, fetch
from tasks import archive
from tasks.upkeep import fixity, manifest, places, programs
from tasks.upkeep.backup import codebook_versions, row_counts
from tasks.upkeep.checks import Progress, silent, some
from tasks.upkeep.manifest import DUMP, Manifest, Role
from tasks.upkeep.places import Source

OLDEST_SERVER = 15


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    Attributes:
        exports: how many the archive lacked or had damaged.
        upgraded: the revision it was brought to; None where the backup was at it.
        passwordless: roles made anew that log in: passwords are in no backup.
        other_codebook: collections whose codebook here is not the backup's.
    """

    manifest: Manifest
    exports: int
    upgraded: str | None = None
    passwordless: tuple[str, ...] = ()
    other_codebook: tuple[str, ...] = ()


def verify(place: Path, progress: Progress = silent) -> Manifest:
    """Read a backup through and compare everything with its checksum; change nothing.

    Raises:
        WarehouseError: something is missing or damaged.
    """
    with places.reading(place) as (source, made):
        _verify(source, made, progress)
        return made


def restore(place: Path, progress: Progress = silent) -> Restored:
    """Restore a backup into the empty warehouse and the archive that the settings name.

    Nothing is changed before the backup is found whole and the warehouse empty. The archive comes
    first, then the warehouse in one transaction: cut off at any moment, do it again.

    Raises:
        WarehouseError: the backup is damaged or too new, or the warehouse is not empty.
    """
    with places.reading(place) as (source, made):
        newest = newest_revision()
        if made.revision > newest:
            raise WarehouseError(
                f"the backup {source.name} is of revision {made.revision}, newer than this "
                f"version knows ({newest}): restore it with senacs {made.made_by} or newer"
            )
        engine = warehouse_as_owner()
        try:
            with engine.connect() as connection:
                _check_target(connection)
            _verify(source, made, progress)
            with _alone(engine):
                exports = _restore_archive(source, made, progress)
                passwordless = _restore_warehouse(engine, source, made, progress)
        except OperationalError as error:
            raise WarehouseError(f"the warehouse does not answer: {error.orig}") from error
    upgraded = None
    if made.revision != newest:
        progress("bringing the warehouse up to date", 0, 0)
        upgrade(engine)
        upgraded = newest
    here = codebook_versions()
    other = tuple(name for name, version in made.codebook.items() if here.get(name) != version)
    return Restored(made, exports, upgraded, passwordless, other)


def restore_archive(place: Path, progress: Progress = silent) -> Restored:
    """Give the archive what it lacks or has damaged; the warehouse is left alone.

    Raises:
        WarehouseError: the backup is damaged.
    """
    with places.reading(place) as (source, made):
        return Restored(made, _restore_archive(source, made, progress))


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Hold the lock of migrations, which no run passes in an empty warehouse."""
    with engine.connect() as holder:
        execute(holder, "migrations/lock")
        holder.commit()
        try:
            yield
        finally:
            execute(holder, "migrations/unlock")
            holder.commit()


def _check_target(connection: Connection) -> None:
    server = fetch(connection, "upkeep/server")[0]
    if server["major"] < OLDEST_SERVER:
        raise WarehouseError(
            f"the server is PostgreSQL {server['version']}: {OLDEST_SERVER} or newer is needed"
        )
    if server["encoding"] != "UTF8":
        raise WarehouseError(
            f"the database is encoded in {server['encoding']}: make one with encoding UTF8"
        )
    found = [row["name"] for row in fetch(connection, "upkeep/content")]
    if found:
        raise WarehouseError(
            f"the warehouse is not empty, it holds {some(found, 3)}: restore into a new database, "
            "or set SENACS_HOME to a new folder"
        )


def _verify(source: Source, made: Manifest, progress: Progress) -> None:
    damaged = []
    for number, (name, file) in enumerate(everything := list(made.everything.items())):
        progress("checking the backup", number, len(everything))
        try:
            with source.open(name) as stream:
                whole = places.measured(stream) == file
        except WarehouseError:
            damaged.append(f"{name} (missing)")
        except OSError as error:
            damaged.append(f"{name} ({error.strerror})")
        else:
            if not whole:
                damaged.append(name)
    progress("checking the backup", len(everything), len(everything))
    if damaged:
        raise WarehouseError(
            f"the backup {source.name} is damaged, nothing is restored from it: {some(damaged)}"
        )


def _restore_archive(source: Source, made: Manifest, progress: Progress) -> int:
    placed = 0
    sizes = {held.sha256: held.bytes for held in archive.listing()}
    with _temporary() as work:
        for number, (sha256, size) in enumerate(made.archive.items()):
            progress("archive", number, len(made.archive))
            if sizes.get(sha256) == size and fixity.digest(sha256) == sha256:
                continue
            path = work / sha256
            with source.open(manifest.archived(sha256)) as stream:
                if places.copied(stream, path).sha256 != sha256:
                    raise WarehouseError(f"the backup {source.name} is damaged: export {sha256}")
            archive.mend(path)
            path.unlink()
            placed += 1
    progress("archive", len(made.archive), len(made.archive))
    return placed


def _restore_warehouse(
    engine: Engine, source: Source, made: Manifest, progress: Progress
) -> tuple[str, ...]:
    with engine.connect() as connection:
        user = fetch(connection, "upkeep/server")[0]["user"]
        # Once more, now that nobody else can fill it.
        _check_target(connection)
    owned_by_one = set(made.owners) <= {made.user}
    passwordless = _make_roles(engine, made, user, with_user=not owned_by_one)
    with _temporary() as work:
        path = work / DUMP
        progress("unpacking the dump", 0, 0)
        with source.open(DUMP) as stream:
            places.copied(stream, path)
        progress(f"loading {sum(made.tables.values()):,} rows", 0, 0)
        programs.load(engine, path, owners=not owned_by_one)
    with engine.begin() as connection:
        counted = row_counts(connection)
        execute(connection, "upkeep/analyze")
        _do(connection, "upkeep/closing")
    if counted != made.tables:
        other = sorted(
            f"{name} ({made.tables.get(name, 0)} → {counted.get(name, 0)})"
            for name in counted.keys() | made.tables.keys()
            if counted.get(name) != made.tables.get(name)
        )
        raise WarehouseError(f"the restored tables are not those of the backup: {some(other)}")
    return passwordless


def _make_roles(engine: Engine, made: Manifest, user: str, *, with_user: bool) -> tuple[str, ...]:
    """Make the roles that rights rest on and this server lacks; those of them that log in."""
    wanted = {role.name: role for role in made.roles}
    if with_user and made.user not in wanted:
        wanted[made.user] = Role(
            name=made.user, login=True, inherit=True, bypassrls=False, connects=True, member_of=()
        )
    with engine.connect() as connection:
        there = {
            row["name"] for row in fetch(connection, "upkeep/present_roles", names=list(wanted))
        }
    lacking = [role for name, role in wanted.items() if name not in there]
    try:
        with engine.begin() as connection:
            for role in lacking:
                facts = role.model_dump(include={"name", "login", "inherit", "bypassrls"})
                _do(connection, "upkeep/making_role", **facts)
            for role in wanted.values():
                if role.connects and role.name != user:
                    _do(connection, "upkeep/admitting_role", role=role.name)
                for group in role.member_of if role in lacking else ():
                    _do(connection, "upkeep/joining_role", role=group, member=role.name)
    except DBAPIError as error:
        raise WarehouseError(
            f"the backup's rights rest on the roles {some(sorted(wanted), 20)}, and {user} cannot "
            f"make those that this server lacks ({error.orig}): make them, then try again"
        ) from error
    return tuple(sorted(role.name for role in lacking if role.login))


def _do(connection: Connection, name: str, /, **parameters: object) -> None:
    """Run the statement that a file of `sql/` builds, with its names quoted by PostgreSQL."""
    for row in fetch(connection, name, **parameters):
        connection.exec_driver_sql(row["statement"])


@contextmanager
def _temporary() -> Iterator[Path]:
    """A folder under the home, whose disk has room for the warehouse; gone at the end."""
    parent = settings().home / "tmp"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=parent) as folder:
        yield Path(folder)

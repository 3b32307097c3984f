"""Backs up warehouse, archive and codebook as one moment saw them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from senacs.codebook import collection_names, load_collection
from senacs.errors import WarehouseError
from senacs.settings import settings
from senacs.warehouse.engine import warehouse_as_owner
from senacs.warehouse.revisions import current_revision
from senacs.warehouse.statements import fetch
from tasks import archive
from tasks.upkeep import fixity, manifest, places, programs
from tasks.upkeep.checks import Progress, human, silent
from tasks.upkeep.manifest import DUMP, File, Manifest, Role
from tasks.upkeep.places import Draft


@dataclass(frozen=True)
class Made:
    """A backup that was made.

    Attributes:
        place: where it is.
        copied: exports that were not in the folder yet.
    """

    place: Path
    manifest: Manifest
    copied: int


def back_up(target: Path, progress: Progress = silent) -> Made:
    """Back up to a folder, where only new exports are copied, or to a new `.tar` file.

    The dump, the list of exports and the counts are of one snapshot; runs may go on meanwhile.
    An export that the archive has lost does not prevent the backup of the rest; it is named.

    Raises:
        WarehouseError: the warehouse is empty, or the place cannot be written.
    """
    _check_apart(target)
    owner = warehouse_as_owner()
    snapshot_of = owner.connect().execution_options(isolation_level="REPEATABLE READ")
    try:
        with snapshot_of as connection, places.writing(target.absolute()) as (draft, place):
            made = _fill(connection, draft, progress)
    except OperationalError as error:
        raise WarehouseError(f"the warehouse does not answer: {error.orig}") from error
    return Made(place, *made)


def _check_apart(target: Path) -> None:
    """A folder whose `archive` is the archive itself would share it and back nothing up."""
    kept = archive.folder()
    if kept is None:
        return
    place, own = target.resolve(), kept.resolve()
    if place == own or own in place.parents or place / "archive" == own:
        raise WarehouseError(
            f"{target} is where the archive itself is: back up to another folder, best on another "
            "disk"
        )


def _fill(connection: Connection, draft: Draft, progress: Progress) -> tuple[Manifest, int]:
    revision = current_revision(connection)
    if revision is None:
        raise WarehouseError("the warehouse is empty: there is nothing to back up")
    snapshot = str(fetch(connection, "upkeep/export_snapshot")[0]["snapshot"])
    server = fetch(connection, "upkeep/server")[0]
    progress(f"dumping the warehouse ({human(server['bytes'])})", 0, 0)
    dump = draft.work / DUMP
    programs.dump(connection.engine, snapshot, dump)
    with dump.open("rb") as file:
        files = {DUMP: places.measured(file)}
    draft.take(dump, DUMP)
    files |= _declared(draft, "codebook", settings().codebook)
    files |= _declared(draft, "replies", settings().replies)
    exports, lacking, copied = _archive(connection, draft, progress)
    made = Manifest(
        format=manifest.FORMAT,
        made_at=datetime.now(UTC),
        made_by=version("senacs"),
        server=server["version"],
        revision=revision,
        user=server["user"],
        owners=tuple(row["name"] for row in fetch(connection, "upkeep/owners")),
        roles=tuple(Role(**row) for row in fetch(connection, "upkeep/roles")),
        tables=row_counts(connection),
        codebook=codebook_versions(),
        files=files,
        archive=exports,
        lacking=tuple(lacking),
    )
    # Last: a backup without its manifest is none.
    for name, text in zip((manifest.NAME, manifest.SUM), manifest.written(made), strict=True):
        _text(draft, name, text)
    return made, copied


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        row["name"]: connection.exec_driver_sql(row["statement"]).scalar_one()
        for row in fetch(connection, "upkeep/counting")
    }


def codebook_versions() -> dict[str, str]:
    """The version of each declared collection."""
    folder = settings().codebook
    return {name: load_collection(folder, name).version for name in collection_names(folder)}


def _declared(draft: Draft, part: str, folder: Path) -> dict[str, File]:
    """Copy declared files as they are: the warehouse holds only what SQL needs of them."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = f"{part}/{path.relative_to(folder).as_posix()}"
        with path.open("rb") as file:
            found[name] = places.copied(file, draft.work / "file")
        draft.take(draft.work / "file", name)
    return found


def _text(draft: Draft, name: str, text: bytes) -> None:
    path = draft.work / "file"
    path.write_bytes(text)
    with path.open("rb") as file:
        places.copied(file, draft.work / name)
    draft.take(draft.work / name, name)


def _archive(
    connection: Connection, draft: Draft, progress: Progress
) -> tuple[dict[str, int], list[str], int]:
    """Copy what the backup lacks: size of each export in it, those that are lost, how many new.

    Also what the archive holds without a row that knows it: a run may have died in between.
    """
    known = fixity.known_contents(connection)
    sizes = {held.sha256: held.bytes for held in archive.listing() if held.sha256} | known
    whole: dict[str, int] = {}
    lacking, copied = [], 0
    for number, (sha256, size) in enumerate(sorted(sizes.items())):
        progress("archive", number, len(sizes))
        name = manifest.archived(sha256)
        if draft.has(name, size):
            whole[sha256] = size
        elif _fetched(sha256, draft.work / sha256) == File(bytes=size, sha256=sha256):
            draft.take(draft.work / sha256, name)
            whole[sha256] = size
            copied += 1
        else:
            (draft.work / sha256).unlink(missing_ok=True)
            if sha256 in known:
                lacking.append(sha256)
    progress("archive", len(sizes), len(sizes))
    return whole, lacking, copied


def _fetched(sha256: str, path: Path) -> File | None:
    try:
        with archive.opened(sha256) as stream:
            return places.copied(stream, path)
    except FileNotFoundError:
        return None

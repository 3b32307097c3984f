"""Where a backup lies: in a folder that many backups share, or in one tar file."""

import fcntl
import hashlib
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from senacs.errors import WarehouseError
from tasks.upkeep import manifest
from tasks.upkeep.manifest import File, Manifest

PACKED = ".tar"
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z(-\d+)?")
_PARTIAL = ".partial"
_ROOM = 1 << 20


class Source(Protocol):
    """A backup that is read."""

    @property
    def name(self) -> str:
        """How a person calls it."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """One of its files.

        Raises:
            WarehouseError: it is not there.
        """
        ...


class InFolder:
    """A backup in a folder, its exports in the folder `archive` beside it."""

    def __init__(self, place: Path) -> None:
        self.name = str(place)
        self._place = place

    def open(self, name: str) -> IO[bytes]:
        """One of its files; exports are shared with the backups beside it."""
        base = self._place.parent if name.startswith("archive/") else self._place
        try:
            return (base / name).open("rb")
        except FileNotFoundError as error:
            raise _lacks(self.name, name) from error
        except OSError as error:
            raise _closed(self.name, error) from error


class InFile:
    """A backup in a tar file."""

    def __init__(self, path: Path, tar: tarfile.TarFile) -> None:
        self.name = str(path)
        self._tar = tar

    def open(self, name: str) -> IO[bytes]:
        """One of its files."""
        try:
            member = self._tar.extractfile(name)
        except KeyError as error:
            raise _lacks(self.name, name) from error
        if member is None:
            raise _lacks(self.name, name)
        return member


def _lacks(backup: str, name: str) -> WarehouseError:
    return WarehouseError(f"the backup {backup} is damaged: it lacks {name}")


def _closed(backup: str, error: OSError) -> WarehouseError:
    return WarehouseError(f"the backup {backup} cannot be read: {error}")


@contextmanager
def reading(place: Path) -> Iterator[tuple[Source, Manifest]]:
    """The backup at a place and its manifest: a tar file, a backup, or a folder's newest one.

    Raises:
        WarehouseError: there is none, or it is damaged.
    """
    try:
        packed_up = not place.is_dir()
        chosen = place if packed_up or (place / manifest.NAME).is_file() else _newest(place)
    except OSError as error:
        raise _closed(str(place), error) from error
    if not packed_up:
        yield (source := InFolder(chosen)), _manifest_of(source)
        return
    try:
        place.open("rb").close()
    except FileNotFoundError as error:
        raise WarehouseError(f"there is no backup {place}") from error
    except OSError as error:
        raise _closed(str(place), error) from error
    try:
        with tarfile.open(place, "r:") as tar:
            yield (packed := InFile(place, tar)), _manifest_of(packed)
    except tarfile.TarError as error:
        raise WarehouseError(f"the backup {place} is damaged: {error}") from error


def _newest(folder: Path) -> Path:
    made = [path for path in folder.iterdir() if _STAMP.fullmatch(path.name)]
    if not made:
        raise WarehouseError(f"the folder {folder} holds no backup")
    return max(made, key=lambda path: path.name)


def _manifest_of(source: Source) -> Manifest:
    with source.open(manifest.NAME) as text, source.open(manifest.SUM) as checksum:
        return manifest.understood(text.read(), checksum.read(), source.name)


# -- writing ----------------------------------------------------------------------------------


class Draft(Protocol):
    """A backup that is being written: nothing has its name before all of it is there."""

    work: Path
    """A folder for what is being made; on the disk that the backup comes to."""

    def has(self, name: str, size: int) -> bool:
        """Whether this file is there already, from an earlier backup."""
        ...

    def take(self, path: Path, name: str) -> None:
        """Move a file of `work` to its place."""
        ...


class _FolderDraft:
    def __init__(self, folder: Path, work: Path, whole: Path) -> None:
        self.work = work
        self._folder = folder
        self._whole = whole

    def has(self, name: str, size: int) -> bool:
        try:
            return (self._folder / name).stat().st_size == size
        except FileNotFoundError:
            return False

    def take(self, path: Path, name: str) -> None:
        base = self._folder if name.startswith("archive/") else self._whole
        place = base / name
        for step in reversed(place.parents):
            # One by one: `parents=True` would give the mode to the last one only.
            if step.is_relative_to(base):
                step.mkdir(mode=0o700, exist_ok=True)
        path.replace(place)
        _keep(place.parent)


class _FileDraft:
    def __init__(self, work: Path, tar: tarfile.TarFile) -> None:
        self.work = work
        self._tar = tar

    def has(self, _name: str, _size: int) -> bool:
        return False

    def take(self, path: Path, name: str) -> None:
        self._tar.add(path, name, recursive=False)
        path.unlink()


@contextmanager
def writing(target: Path) -> Iterator[tuple[Draft, Path]]:
    """A draft, and the place that the backup has once the block ends well.

    A block that fails leaves nothing but exports in the shared folder, which are whole; what a
    killed one left is taken away by the next.

    Raises:
        WarehouseError: the place cannot be written, or is taken, or another backup is under way.
    """
    try:
        if target.suffix == PACKED:
            with _file_draft(target) as draft:
                yield draft, target
        else:
            with _folder_draft(target) as (draft, whole):
                yield draft, whole
    except OSError as error:
        raise WarehouseError(f"the backup {target} cannot be written: {error}") from error


@contextmanager
def _folder_draft(folder: Path) -> Iterator[tuple[Draft, Path]]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder / ".lock", folder):
        for left in folder.glob(f".*{_PARTIAL}"):
            shutil.rmtree(left)
        whole = folder / _unused_stamp(folder)
        draft, work = folder / f".{whole.name}{_PARTIAL}", folder / f".work{_PARTIAL}"
        for made in (draft, work):
            made.mkdir(mode=0o700)
        try:
            yield _FolderDraft(folder, work, draft), whole
            _keep(draft)
            draft.rename(whole)
            _keep(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _file_draft(target: Path) -> Iterator[Draft]:
    if target.exists():
        raise WarehouseError(f"{target} exists already: a backup never replaces another")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target.with_name(f".{target.name}.lock"), target) as lock:
        draft = target.with_name(f".{target.name}{_PARTIAL}")
        work = target.with_name(f".{target.name}.work{_PARTIAL}")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            with _new(draft) as out:
                with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                    yield _FileDraft(work, tar)
                out.flush()
                os.fsync(out.fileno())
            draft.rename(target)
            _keep(target.parent)
        finally:
            shutil.rmtree(work, ignore_errors=True)
            draft.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)


@contextmanager
def _alone(lock: Path, what: Path) -> Iterator[Path]:
    with _new(lock) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseError(f"another backup to {what} is under way") from None
        yield lock


def _unused_stamp(folder: Path) -> str:
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    number, name = 1, stamp
    while (folder / name).exists():
        number += 1
        name = f"{stamp}-{number}"
    return name


def copied(source: IO[bytes], path: Path) -> File:
    """Copy a stream to a new file, on the disk when this returns; its size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    with _new(path) as out:
        while room := source.read(_ROOM):
            digest.update(room)
            size += len(room)
            out.write(room)
        out.flush()
        os.fsync(out.fileno())
    return File(bytes=size, sha256=digest.hexdigest())


def measured(source: IO[bytes]) -> File:
    """The size and SHA-256 of what a stream gives."""
    digest, size = hashlib.sha256(), 0
    while room := source.read(_ROOM):
        digest.update(room)
        size += len(room)
    return File(bytes=size, sha256=digest.hexdigest())


def _new(path: Path) -> IO[bytes]:
    """Write a file anew, for us alone from its first moment."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _keep(folder: Path) -> None:
    """Have the names in a folder written to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

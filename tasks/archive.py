"""The archive: every export as it came, under the SHA-256 of its bytes, written once."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import fsspec

from senacs.errors import WarehouseError
from senacs.settings import settings

_NAME = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})")


@dataclass(frozen=True)
class Held:
    """Something that lies in the archive.

    Attributes:
        name: its path below the archive's root.
        sha256: of which content it bears the name; None for what is no export (one that was
            arriving when its process died).
    """

    name: str
    sha256: str | None
    bytes: int


def store(path: Path) -> str:
    """Put a file in the archive and return its SHA-256; a content it has is left alone.

    The content appears under its name whole or not at all, whatever stops the process. Half of
    one, which a machine that loses power may leave, is replaced.
    """
    sha256 = _digest(path)
    filesystem, place = _place(sha256)
    if not filesystem.exists(place) or filesystem.size(place) != path.stat().st_size:
        _put(path, filesystem, place)
    return sha256


def mend(path: Path) -> str:
    """Put a file in the archive in place of what has its name there; its SHA-256."""
    sha256 = _digest(path)
    _put(path, *_place(sha256))
    return sha256


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(path: Path, filesystem: Any, place: str) -> None:  # noqa: ANN401 - fsspec has no types
    filesystem.makedirs(place.rsplit("/", 1)[0], exist_ok=True)
    arriving = f"{place}.{path.parent.name}.arriving"
    filesystem.put_file(str(path), arriving)
    filesystem.mv(arriving, place)


def store_bytes(data: bytes) -> str:
    """The same for a content that is no file yet."""
    sha256 = hashlib.sha256(data).hexdigest()
    filesystem, place = _place(sha256)
    if filesystem.exists(place) and filesystem.size(place) == len(data):
        return sha256
    filesystem.makedirs(place.rsplit("/", 1)[0], exist_ok=True)
    arriving = f"{place}.{uuid4()}.arriving"
    filesystem.pipe_file(arriving, data)
    filesystem.mv(arriving, place)
    return sha256


def holds(sha256: str) -> bool:
    """Whether the archive has that content."""
    filesystem, place = _place(sha256)
    return bool(filesystem.exists(place))


def load(sha256: str) -> bytes:
    """The bytes of an archived export, checked against its name.

    Raises:
        WarehouseError: the archive lacks it, or its bytes have changed.
    """
    filesystem, place = _place(sha256)
    try:
        data: bytes = filesystem.cat_file(place)
    except FileNotFoundError as error:
        raise WarehouseError(f"the archive has no export {sha256} ({place})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise WarehouseError(f"the archived export {place} is damaged: restore it from a backup")
    return data


@contextmanager
def opened(sha256: str) -> Iterator[IO[bytes]]:
    """An archived export as a stream, whatever its bytes are now.

    Raises:
        FileNotFoundError: the archive lacks it.
    """
    filesystem, place = _place(sha256)
    with filesystem.open(place, "rb") as file:
        yield file


def folder() -> Path | None:
    """The archive's folder; None where it is no folder of this machine."""
    filesystem, root = _root()
    return Path(root) if "file" in filesystem.protocol else None


def listing() -> list[Held]:
    """Everything that lies in the archive, in the order of names; nothing if there is none yet."""
    filesystem, root = _root()
    filesystem.invalidate_cache()
    if not filesystem.exists(root):
        return []
    # A store may give paths back with or without the slash that the root begins with.
    bare = root.strip("/") + "/"
    found = []
    for path, facts in filesystem.find(root, detail=True).items():
        name = path.lstrip("/").removeprefix(bare)
        match = _NAME.fullmatch(name)
        found.append(Held(name, match[2] if match else None, int(facts["size"])))
    return sorted(found, key=lambda held: held.name)


def _place(sha256: str) -> tuple[Any, str]:
    filesystem, root = _root()
    return filesystem, f"{root}/{sha256[:2]}/{sha256}"


def _root() -> tuple[Any, str]:
    own = settings()
    url = own.archive_url or (own.home / "archive").as_uri()
    filesystem, root = fsspec.core.url_to_fs(url)
    return filesystem, root

"""The archive: every export as it came, under the SHA-256 of its bytes, written once."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

from senacs.errors import WarehouseError
from senacs.settings import settings


def store(path: Path) -> str:
    """Put a file in the archive and return its SHA-256; a content it has is left alone.

    The content appears under its name whole or not at all, whatever stops the process. Half of
    one, which a machine that loses power may leave, is replaced.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    filesystem, place = _place(sha256)
    if filesystem.exists(place) and filesystem.size(place) == path.stat().st_size:
        return sha256
    filesystem.makedirs(place.rsplit("/", 1)[0], exist_ok=True)
    arriving = f"{place}.{path.parent.name}.arriving"
    filesystem.put_file(str(path), arriving)
    filesystem.mv(arriving, place)
    return sha256


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


def _place(sha256: str) -> tuple[Any, str]:
    own = settings()
    url = own.archive_url or (own.home / "archive").as_uri()
    filesystem, root = fsspec.core.url_to_fs(url)
    return filesystem, f"{root}/{sha256[:2]}/{sha256}"

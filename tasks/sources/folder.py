"""Exports that people put in a drop folder: copied, never moved."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from senacs.codebook.sources import FolderSource
from senacs.errors import ConfigurationError
from senacs.settings import settings
from tasks.sources import DELIVERED, Delivery, Known, file_name, too_large, undelivered
from tasks.sources.choice import Candidate, changed_meanwhile, chosen


def fetch(source: FolderSource, folder: Path, known: Known) -> Delivery:
    """Copy the file that the source means into `folder`, unless it is the known one.

    Raises:
        SourceError: in French; nothing is there, or several files, or one still arriving.
        ConfigurationError: the folder does not exist, or lies outside.
    """
    dropped = _dropped(source)
    try:
        found = chosen(source, _candidates(dropped), known)
        if found.mark == known.etag:
            return Delivery(file_name(found.name), None)
        largest = settings().export_max_bytes
        if found.size > largest:
            raise too_large(source.address, largest)
        dropped_file = (dropped / found.name).resolve()
        if dropped_file.parent != dropped:
            raise undelivered(
                source.address,
                f"« {found.name} » est un lien vers un autre dossier",
                "déposez le fichier lui-même",
            )
        path = folder / DELIVERED
        opened = os.open(dropped_file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(opened, "rb") as file:
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            after = _candidate(found.name, os.fstat(file.fileno()))
    except OSError as error:
        raise undelivered(
            source.address,
            f"lecture impossible ({error.strerror})",
            "vérifiez les droits du dossier de dépôt",
        ) from error
    if after.mark != found.mark or path.stat().st_size != found.size:
        raise changed_meanwhile(source, after)
    return Delivery(file_name(found.name), path, found.mark)


def _dropped(source: FolderSource) -> Path:
    """The drop folder itself, which lies below the one of the settings."""
    own = settings()
    root = (own.drop_folder or own.home / "drop").resolve()
    dropped = (root / source.path).resolve()
    if not dropped.is_relative_to(root):
        raise ConfigurationError(f"the drop folder {source.path!r} leads out of {root}")
    if not dropped.is_dir():
        raise ConfigurationError(f"there is no drop folder {dropped}: make it, or set its root")
    return dropped


def _candidates(dropped: Path) -> Iterator[Candidate]:
    for entry in dropped.iterdir():
        with suppress(FileNotFoundError):  # a link to nothing, or gone meanwhile
            status = entry.stat()
            if stat.S_ISREG(status.st_mode):
                yield _candidate(entry.name, status)


def _candidate(name: str, status: os.stat_result) -> Candidate:
    return Candidate(name, status.st_size, status.st_mtime_ns, status.st_mtime)

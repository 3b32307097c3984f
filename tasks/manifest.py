"""Writes the manifest of an edition's folder, last of all, and checks a folder against its own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from senacs.disclosure.rules import load_rules
from senacs.errors import VintageError
from senacs.settings import settings
from senacs.vintages.manifest import NAME, Sealed, differences, manifest
from senacs.vintages.model import Edition
from tasks.pages import replace_text


def seal(folder: Path) -> Iterator[Sealed]:
    """Every file under an edition's folder, in the order of paths, but its manifest.

    Raises:
        VintageError: there is no such folder.
    """
    if not folder.is_dir():
        raise VintageError(f"{folder}: no such folder")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != NAME:
            with path.open("rb") as data:
                digest = hashlib.file_digest(data, "sha256").hexdigest()
            yield Sealed(name, digest, path.stat().st_size)


def verify(folder: Path) -> list[str]:
    """What is other in an edition's folder than its manifest says; empty: nothing.

    Raises:
        VintageError: there is no folder, no manifest in it, or one that is none.
    """
    found = list(seal(folder))
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VintageError(f"{folder / NAME} cannot be read: {error}") from None
    return list(differences(text, found))


def write_manifest(edition: Edition, folder: Path) -> None:
    """Write the manifest of an edition over all that is in its folder.

    The last step: what is written after it is not in it, and a folder without one is not whole.
    """
    text = manifest(
        edition.vintage,
        [one.vintage for one in edition.earlier],
        edition.files,
        load_rules(settings().codebook),
        list(seal(folder)),
    )
    replace_text(folder / NAME, text)

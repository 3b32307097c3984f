"""Writes the manifest of an edition's folder, last of all, and checks a folder against its own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.disclosure.rules import load_rules
from senacs.errors import VintageError
from senacs.plaquette.addresses import EDITIONS
from senacs.settings import settings
from senacs.vintages.manifest import NAME, Sealed, differences, manifest
from senacs.vintages.model import File
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.editions import newest_vintages
from tasks.pages import replace_text
from tasks.vintages import vintage_of


@task(name="write-manifests", cache_policy=NO_CACHE)
def write_manifests(collection: str) -> list[str]:
    """Write the manifest of each edition that has a folder, over all that is in it; their paths.

    The last step of a publication: what is written after it is not in it.
    """
    site = settings().home / "site" / EDITIONS
    with warehouse().connect() as connection:
        folders = [
            site / vintage.name
            for vintage in newest_vintages(connection, collection)
            if (site / vintage.name).is_dir()
        ]
        return [str(_write_manifest(connection, collection, folder)) for folder in folders]


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


def _write_manifest(connection: Connection, collection: str, folder: Path) -> Path:
    rows = fetch(connection, "publication/newest", collection=collection)
    vintages = [vintage_of(row) for row in rows]
    (of_folder,) = (row for row, one in zip(rows, vintages, strict=True) if one.name == folder.name)
    exports = [
        File(one["territory"], one["sha256"], one["file_name"], one["received_on"])
        for one in fetch(connection, "publication/files_of", vintage_no=of_folder["vintage_no"])
    ]
    text = manifest(
        vintage_of(of_folder),
        [one for one in vintages if one.data_year < of_folder["data_year"]],
        exports,
        load_rules(settings().codebook),
        list(seal(folder)),
    )
    replace_text(folder / NAME, text)
    return folder / NAME

"""Whether every export that ever came in is in the archive, byte for byte."""

import hashlib
import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, inspect

from senacs.warehouse.statements import fetch
from tasks import archive
from tasks.upkeep.checks import Check, Progress, holds, human, note, some, wrong

_SAMPLE = 50
_ROOM = 1 << 20
_MEND = "senacs restore BACKUP --archive-only (it gives back what is missing or damaged)"


def check_archive(connection: Connection, progress: Progress, *, quick: bool) -> Iterator[Check]:
    """Compare the archive with what the warehouse knows: presence, size and SHA-256.

    Args:
        connection: to the warehouse.
        progress: told how many of the exports are read.
        quick: read the bytes of a sample only; presence and size are compared for all.
    """
    known = known_contents(connection)
    try:
        listed = archive.listing()
    except (OSError, ValueError, ImportError) as error:
        yield wrong(
            "archive", f"it cannot be listed: {error}", "Make SENACS_ARCHIVE_URL reachable."
        )
        return
    held = {one.sha256: one.bytes for one in listed if one.sha256}
    missing = sorted(known.keys() - held.keys())
    odd = sorted(name for name in known.keys() & held.keys() if known[name] != held[name])
    whole = sorted(known.keys() & held.keys() - set(odd))
    read = random.sample(whole, _SAMPLE) if quick and len(whole) > _SAMPLE else whole
    damaged = []
    for number, sha256 in enumerate(read):
        progress("archive", number, len(read))
        if digest(sha256) != sha256:
            damaged.append(sha256)
    progress("archive", len(read), len(read))
    for names, what in (
        (missing, "missing"), (odd, "of another size than came in"), (damaged, "damaged"),
    ):  # fmt: skip
        if names:
            yield wrong("archive", f"{len(names)} {what}: {some(names, 3)}", _MEND)
    if not (missing or odd or damaged):
        size = human(sum(known.values()))
        by_bytes = "all read" if len(read) == len(known) else f"{len(read)} of them read (--quick)"
        yield holds(
            "archive",
            f"{len(known)} exports and returned files, {size}, as they came in; {by_bytes}",
        )
    yield from _unknown(listed, known)


def known_contents(connection: Connection) -> dict[str, int]:
    """The size of everything the warehouse knows to have come in: exports, returned files."""
    rows = fetch(connection, "upkeep/exports")
    if inspect(connection).has_table("returned_file", schema="query"):
        rows += fetch(connection, "upkeep/returned_files")
    return {row["sha256"]: int(row["bytes"]) for row in rows}


def digest(sha256: str) -> str | None:
    """The SHA-256 that an archived export has now; None if its bytes cannot be had."""
    counted = hashlib.sha256()
    try:
        with archive.opened(sha256) as stream:
            while room := stream.read(_ROOM):
                counted.update(room)
    except OSError:
        return None
    return counted.hexdigest()


def _unknown(listed: list[archive.Held], known: dict[str, Any]) -> Iterator[Check]:
    orphans = [one.sha256 for one in listed if one.sha256 and one.sha256 not in known]
    strangers = [one.name for one in listed if not one.sha256]
    if orphans:
        yield note(
            "archive",
            f"{len(orphans)} without a row, from runs that died early: {some(orphans, 1)}",
        )
    if strangers:
        yield note("archive", f"{len(strangers)} files that are no export: {some(strangers, 2)}")

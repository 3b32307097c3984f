"""What the doctor asks of the machine, the settings and the codebook, without any service."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import get_args, get_type_hints

import fsspec
from dotenv import dotenv_values

from expectations.catalogue import rules_for
from senacs.codebook import Collection, Source, in_order, load_collection
from senacs.codebook.sources import SUPPLIER, FolderSource, HttpSource, SecretName
from senacs.errors import ConfigurationError, SenacsError
from senacs.services.layout import Layout
from senacs.services.stack import normalised
from senacs.settings import Settings, secret
from tasks import archive
from tasks.upkeep.checks import Check, holds, human, note, some, wrong

_NOT_SETTINGS = ("SENACS_SECRET_", "SENACS_SERVICE", "SENACS_TEST_")
_ROOM_TO_WORK = 2_000_000_000
"""Bytes below which a load, with its log, may not find room: a national year takes about half."""
_HIGHEST_PORT = 65_535
_SEVERAL_LINES = ("key",)


def check_settings(own: Settings) -> Iterator[Check]:
    """What is set, whether it can be meant, and whether it contradicts itself."""
    found = list(_doubtful(own))
    yield from found
    if not found:
        given = ", ".join(sorted(own.model_fields_set)) or "all at their defaults"
        yield holds("settings", f"home {own.home}; set: {given}")


def _doubtful(own: Settings) -> Iterator[Check]:
    known = {f"SENACS_{name.upper()}" for name in Settings.model_fields}
    for name in sorted({**dotenv_values(".env"), **os.environ}):
        if name.upper().startswith("SENACS_") and not name.upper().startswith(_NOT_SETTINGS):
            if name.upper() in known:
                continue
            near = get_close_matches(name.upper(), known, n=1)
            meant = f"did you mean {near[0]}?" if near else "docs/operate.md lists them"
            yield wrong("settings", f"{name} is no setting and does nothing", f"Unset it; {meant}")
    if own.database_url is not None:
        try:
            normalised(own.database_url.get_secret_value())
        except ConfigurationError as error:
            yield wrong("settings", str(error), "Set it right, or unset it for the embedded one.")
    if own.postgres_user is not None and os.geteuid() != 0:
        yield wrong(
            "settings",
            "SENACS_POSTGRES_USER is set, and only root can run PostgreSQL as another account",
            "Unset it, or run senacs as root.",
        )
    if own.dask_address is not None and own.runner != "dask":
        yield wrong(
            "settings",
            f"SENACS_DASK_ADDRESS is set, and SENACS_RUNNER is {own.runner}",
            "Set SENACS_RUNNER=dask, or unset the address.",
        )
    if own.archive_url is not None:
        try:
            fsspec.core.url_to_fs(own.archive_url)
        except (ImportError, ValueError) as error:
            yield wrong(
                "settings",
                f"SENACS_ARCHIVE_URL cannot be used: {error}",
                "Give a URL that fsspec knows, or install what it needs (for s3: senacs[s3]).",
            )
    if not 0 <= own.prefect_port <= _HIGHEST_PORT:
        yield wrong("settings", f"SENACS_PREFECT_PORT is {own.prefect_port}", "Give a port.")


def check_codebook(own: Settings) -> Iterator[Check]:
    """Whether the declared collections and their rules hold together."""
    try:
        collections = [load_collection(own.codebook, name) for name in in_order(own.codebook)]
        rules = sum(len(rules_for(collection.collection)) for collection in collections)
    except SenacsError as error:
        yield wrong("codebook", str(error), "Mend the file that it names; `senacs codebook check`.")
        return
    if not collections:
        yield wrong("codebook", f"{own.codebook} declares no collection", "Set SENACS_CODEBOOK.")
        return
    names = ", ".join(f"{one.collection} {one.version}" for one in collections)
    yield holds("codebook", f"{names}; {rules} rules")
    yield from _check_sources(own, collections)


def _check_sources(own: Settings, collections: list[Collection]) -> Iterator[Check]:
    """What the campaigns need that settings give: secrets, the drop folder, the supplier."""
    today = date.today()  # noqa: DTZ011 - the day that the campaigns' calendar is written in
    needed: dict[str, tuple[bool, str, str]] = {}
    for collection in collections:
        for campaign in collection.campaigns:
            where = f"{collection.collection} {campaign.data_year}"
            to_come = campaign.closes >= today
            for territory in campaign.territories:
                for lacking, todo in _lacking(own, territory.source):
                    before = needed.get(lacking, (False, where, todo))
                    needed[lacking] = (before[0] or to_come, where if to_come else before[1], todo)
    late = {lacking: facts for lacking, facts in needed.items() if facts[0]}
    for lacking, (_, where, todo) in late.items():
        yield wrong("sources", f"{lacking} ({where})", todo)
    closed = sorted(needed.keys() - late.keys())
    if closed:
        yield note("sources", f"only closed campaigns lack: {some(closed, 3)}")
    if not needed:
        yield holds("sources", "every secret and folder that a campaign names is there")


def _lacking(own: Settings, source: Source) -> Iterator[tuple[str, str]]:
    for field, name in secrets_of(source).items():
        try:
            secret(name, lines=field in _SEVERAL_LINES)
        except ConfigurationError as error:
            variable = f"SENACS_SECRET_{name.upper()}"
            yield str(error), f"Set {variable}, or {variable}_FILE, for whoever runs the flows."
    if isinstance(source, FolderSource):
        folder = own.drop_folder or own.home / "drop"
        if not (folder / source.path).is_dir():
            yield (
                f"there is no drop folder {folder / source.path}",
                "Make it, or set SENACS_DROP_FOLDER.",
            )
    if isinstance(source, HttpSource) and SUPPLIER in source.url and not own.supplier_url:
        yield (
            f"SENACS_SUPPLIER_URL is not set, which {SUPPLIER} stands for",
            "Set it; without it the demonstration's files are served.",
        )


def secrets_of(source: Source) -> dict[str, str]:
    """The names of the secrets that a source needs, by the field that names them."""
    hints = get_type_hints(type(source), include_extras=True)
    fields = [name for name, hint in hints.items() if SecretName in (hint, *get_args(hint))]
    return {name: value for name in fields if (value := getattr(source, name))}


def check_disk(own: Settings) -> Iterator[Check]:
    """Free room where the home, the archive and the embedded database lie."""
    layout = Layout.of(own.home)
    places = {"home": layout.home, "archive": _local_archive()}
    if own.database_url is None:
        places["database"] = layout.postgres
    # Most often they share a disk, which is then told once.
    disks: dict[int, list[str]] = {}
    free: dict[int, tuple[int, int]] = {}
    for name, place in places.items():
        if place is None:
            continue
        there = _existing(place)
        device = there.stat().st_dev
        disks.setdefault(device, []).append(name)
        facts = os.statvfs(there)
        free[device] = (
            shutil.disk_usage(there).free,
            facts.f_favail if facts.f_files else _HIGHEST_PORT,
        )
    for device, names in disks.items():
        room, files = free[device]
        what = ", ".join(names)
        says = f"{human(room)} free for {what}"
        if room < _ROOM_TO_WORK:
            yield wrong(
                "disk",
                f"only {says}",
                f"Make room: at least {human(_ROOM_TO_WORK)}; `senacs upkeep` says what may go.",
            )
        elif files < 10_000:  # noqa: PLR2004 - a run makes some dozens
            yield wrong(
                "disk", f"only {files} more files fit on the disk of {what}", "Make room for more."
            )
        else:
            yield holds("disk", says)


def _local_archive() -> Path | None:
    try:
        return archive.folder()
    except (ImportError, ValueError):
        return None


def _existing(place: Path) -> Path:
    return next(step for step in (place, *place.absolute().parents) if _reachable(step))


def _reachable(step: Path) -> bool:
    try:
        return step.exists()
    except PermissionError:
        return False

"""What may be deleted: leftovers and old traces, never an export and never a loaded row.

The archive, every table of the warehouse, reports, pages and backups stay. Findings, runs and
receipts of years ago are the record of what was done; they are small, and nobody can make them
again.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from senacs.services import prefect_env
from senacs.services.layout import Layout
from senacs.services.prefect_server import PrefectServer
from senacs.settings import Settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.revisions import current_revision
from senacs.warehouse.statements import fetch
from tasks.upkeep.checks import human

_BATCH = 50
"""Flow runs that the Prefect server deletes at a time, at most."""
_ENDED = ["COMPLETED", "FAILED", "CANCELLED", "CRASHED"]


@dataclass(frozen=True)
class Limits:
    """Days after which something may go."""

    leftovers: int = 7
    """Folders of runs and commands that were killed; they are of use to nobody."""
    logs: int = 90
    """Logs that were set aside."""
    flow_runs: int = 400
    """Prefect's pages keep the campaign of last year to compare with."""


@dataclass(frozen=True)
class Expired:
    """Something that may be deleted.

    Attributes:
        what: a file or folder, or the flow runs.
        why: in a few words.
        path: where it is; None for what is not a file.
        bytes: what it takes, where that is known.
        count: how many things it stands for.
    """

    what: str
    why: str
    path: Path | None = None
    bytes: int = 0
    count: int = 1


def expired(own: Settings, limits: Limits, now: datetime) -> list[Expired]:
    """What may be deleted as of now; nothing is deleted.

    Args:
        own: the settings.
        limits: days to keep.
        now: with its time zone.
    """
    layout = Layout.of(own.home)
    found = [*_work(layout, limits, now), *_temporary(layout, limits, now)]
    return [*found, *_logs(layout, limits, now), *_flow_runs(layout, limits, now)]


def delete(own: Settings, things: list[Expired], limits: Limits, now: datetime) -> list[Expired]:
    """Delete them; what was deleted (what is gone already counts as well).

    Raises:
        ServiceError: Prefect's server does not answer.
    """
    done = []
    for thing in things:
        if thing.path is None:
            done.append(_delete_flow_runs(own, thing, limits, now))
            continue
        if thing.path.is_dir() and not thing.path.is_symlink():
            shutil.rmtree(thing.path, ignore_errors=True)
        else:
            thing.path.unlink(missing_ok=True)
        if not thing.path.exists():
            done.append(thing)
    return done


def _work(layout: Layout, limits: Limits, now: datetime) -> Iterator[Expired]:
    """Work folders of killed runs; one that a process may be at is left alone, however old."""
    folder = layout.home / "work"
    old = list(_untouched(folder, timedelta(days=limits.leftovers), now))
    if not old:
        return
    with warehouse().connect() as connection:
        runs = (
            fetch(connection, "upkeep/open_runs")
            if current_revision(connection) is not None
            else []
        )
    at_work = {
        f"{run['collection']}-{run['territory']}-{run['data_year']}" for run in runs if run["alive"]
    }
    for path, size in old:
        if path.name not in at_work:
            yield Expired(
                f"work/{path.name}", f"left by a run {limits.leftovers}+ days ago", path, size
            )


def _temporary(layout: Layout, limits: Limits, now: datetime) -> Iterator[Expired]:
    for folder in (layout.home / "tmp", layout.temporary):
        for path, size in _untouched(folder, timedelta(days=limits.leftovers), now):
            name = path.relative_to(layout.home).as_posix()
            yield Expired(name, f"untouched for {limits.leftovers}+ days", path, size)


def _logs(layout: Layout, limits: Limits, now: datetime) -> Iterator[Expired]:
    """Only what was set aside (`.1`): a service may write to the others."""
    for folder in (layout.logs, layout.postgres_log.parent):
        for path, size in _untouched(folder, timedelta(days=limits.logs), now):
            if path.name.endswith(".log.1"):
                name = path.relative_to(layout.home).as_posix()
                yield Expired(name, f"set aside {limits.logs}+ days ago", path, size)


def _untouched(folder: Path, age: timedelta, now: datetime) -> Iterator[tuple[Path, int]]:
    """What lies in a folder and was not touched for so long, neither it nor anything in it."""
    try:
        entries = sorted(folder.iterdir())
    except (FileNotFoundError, PermissionError):
        return
    limit = (now.astimezone(UTC) - age).timestamp()
    for path in entries:
        inside = [path, *path.rglob("*")] if path.is_dir() and not path.is_symlink() else [path]
        try:
            facts = [one.lstat() for one in inside]
        except OSError:
            continue  # Somebody is at it.
        if max(fact.st_mtime for fact in facts) < limit:
            yield path, sum(fact.st_size for fact in facts)


def _flow_runs(layout: Layout, limits: Limits, now: datetime) -> Iterator[Expired]:
    """Through Prefect's API, which also takes away their logs; only while its server runs."""
    record = PrefectServer(layout).running()
    if record is None or record.port is None:
        return
    api = prefect_env.rest(layout, record.port)
    count = api.ask("POST", "/flow_runs/count", {"flow_runs": _old(limits, now)})
    if count:
        yield Expired(
            "Prefect's flow runs", f"ended {limits.flow_runs}+ days ago", count=int(count)
        )


def _old(limits: Limits, now: datetime) -> dict[str, Any]:
    before = now.astimezone(UTC) - timedelta(days=limits.flow_runs)
    return {
        "state": {"type": {"any_": _ENDED}},
        "end_time": {"before_": before.isoformat(), "is_null_": False},
    }


def _delete_flow_runs(own: Settings, thing: Expired, limits: Limits, now: datetime) -> Expired:
    layout = Layout.of(own.home)
    record = PrefectServer(layout).running()
    deleted = 0
    while record is not None and record.port is not None and deleted < thing.count:
        api = prefect_env.rest(layout, record.port)
        body = {"flow_runs": _old(limits, now), "limit": _BATCH}
        gone = api.ask("POST", "/flow_runs/bulk_delete", body)["deleted"]
        deleted += len(gone)
        if not gone:
            break
    return Expired(thing.what, thing.why, count=deleted)


def told(thing: Expired) -> str:
    """The line that a person reads."""
    size = f", {human(thing.bytes)}" if thing.bytes else ""
    number = f"{thing.count} " if thing.path is None else ""
    return f"{number}{thing.what} ({thing.why}{size})"

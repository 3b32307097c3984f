"""What the doctor asks of the warehouse's server and of the warehouse."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from senacs.warehouse.revisions import MIGRATIONS, current_revision, newest_revision
from senacs.warehouse.statements import fetch
from tasks.upkeep import rights
from tasks.upkeep.checks import Check, holds, human, note, some, wrong
from tasks.upkeep.restore import OLDEST_SERVER

_DRIFT = timedelta(seconds=5)
"""Between two clocks: less is the network's and no run notices it."""
_SUMMER, _WINTER = datetime(2025, 7, 1, 12, tzinfo=UTC), datetime(2025, 1, 1, 12, tzinfo=UTC)
_PARIS = {_SUMMER: 7200, _WINTER: 3600}
"""Seconds that Paris is before UTC."""
_WITH_ANSWERS = ("intake", "department", "national", "query", "analysis")
_REVISION = re.compile(r"\d{4}_")
_SCHEMA = re.compile(r"^\s*create schema (?:if not exists )?(\w+)", re.I | re.M)
_TABLE = re.compile(
    r"^\s*create (?:table|(?:materialized )?view) (?:if not exists )?(\w+\.\w+)", re.I | re.M
)
_ROLE = re.compile(r"\bcreate role (\w+)", re.I)
_CHANGED = re.compile(
    r"\bdrop (?:table|(?:materialized )?view) (?:if exists )?(\w+\.\w+)"
    r"|\balter (?:table|(?:materialized )?view) (\w+\.\w+)\s+(?:rename to|set schema)",
    re.I,
)


def check_server(connection: Connection) -> Iterator[Check]:
    """Version, encoding, and whether what is committed stays."""
    server = fetch(connection, "upkeep/server")[0]
    says = f"PostgreSQL {server['version']}, {human(server['bytes'])}, as {server['user']}"
    if server["major"] < OLDEST_SERVER:
        yield wrong("postgres", says, f"Move to PostgreSQL {OLDEST_SERVER} or newer.")
    elif server["encoding"] != "UTF8":
        yield wrong(
            "postgres", f"{says}; encoding {server['encoding']}", "Make a database with UTF8."
        )
    elif not server["fsync"]:
        yield wrong(
            "postgres",
            f"{says}; fsync is off: a power cut can destroy it",
            "Set fsync = on in postgresql.conf.",
        )
    else:
        yield holds("postgres", says)


def check_clock(connection: Connection) -> Iterator[Check]:
    """The server's clock against this machine's, and what both know of the time in Paris."""
    before = datetime.now(UTC)
    server = fetch(connection, "upkeep/clock", summer=_SUMMER, winter=_WINTER)[0]
    after = datetime.now(UTC)
    apart = max(before - server["now"], server["now"] - after, timedelta(0))
    if apart > _DRIFT:
        yield wrong(
            "clock",
            f"this machine and the database are {apart.total_seconds():.0f} s apart",
            "Set the clock of the one that is wrong (chrony or another NTP client keeps it).",
        )
    else:
        yield holds("clock", "this machine and the database agree")
    # timezone('UTC') less timezone('Paris') is what Paris is behind: the sign is turned.
    theirs = {_SUMMER: -server["summer"], _WINTER: -server["winter"]}
    try:
        paris = ZoneInfo("Europe/Paris")
        ours = {day: paris.utcoffset(day.astimezone(paris)) for day in _PARIS}
    except ZoneInfoNotFoundError:
        ours = {}
    if theirs != _PARIS:
        yield wrong("time zone", "the database does not know Europe/Paris", "Update its tzdata.")
    elif ours != {day: timedelta(seconds=seconds) for day, seconds in _PARIS.items()}:
        yield wrong(
            "time zone",
            "this machine does not know Europe/Paris: the daily round would come at another hour",
            "Install the system's package tzdata.",
        )
    else:
        yield holds("time zone", "Europe/Paris is known on both sides")


def check_revision(connection: Connection) -> Iterator[Check]:
    """Whether the warehouse is at the revision that this version works on."""
    found, newest = current_revision(connection), newest_revision()
    if found is None:
        held = [row["name"] for row in fetch(connection, "upkeep/content")]
        if held:
            yield wrong(
                "migrations",
                f"the database is not a warehouse and holds {some(held, 3)}",
                "Let SENACS_DATABASE_URL name a database of its own.",
            )
        else:
            yield note(
                "migrations",
                "the warehouse is empty",
                "The first run makes it (`senacs demo`, `senacs run`); or `senacs restore`.",
            )
    elif not re.fullmatch(r"\d{4}", found):
        yield wrong(
            "migrations",
            f"the database is of another program that uses Alembic (revision {found})",
            "Let SENACS_DATABASE_URL name a database of its own.",
        )
    elif found == newest:
        yield holds("migrations", f"at revision {found}, the newest")
    elif found > newest:
        yield wrong(
            "migrations",
            f"at revision {found}, newer than this version of senacs knows ({newest})",
            "Use the newer version.",
        )
    else:
        yield wrong(
            "migrations",
            f"at revision {found}, this version works on {newest}",
            "Back it up; the next run of anything brings it there.",
        )


def check_structure(connection: Connection) -> Iterator[Check]:
    """Whether the schemas, tables and roles of the migrations are there, with their rights."""
    script = _scripts(current_revision(connection) or "")
    schemas = sorted(set(_SCHEMA.findall(script)))
    changed = {name for pair in _CHANGED.findall(script) for name in pair}
    tables = set(_TABLE.findall(script)) - changed
    relations = fetch(connection, "upkeep/relations", schemas=schemas)
    lacking = sorted(tables - {row["name"] for row in relations})
    unusable = [row["name"] for row in relations if not (row["reachable"] and row["usable"])]
    if lacking:
        yield wrong(
            "schemas",
            f"what the migrations made is gone: {some(lacking)}",
            "Restore a backup into a new database: what dropped them may have dropped more.",
        )
    elif unusable:
        yield wrong(
            "schemas",
            f"the role that flows connect as may not use {some(unusable)}",
            "Connect as the owner of the warehouse, or give that role its rights back.",
        )
    else:
        yield holds("schemas", f"{', '.join(schemas)}: {len(relations)} tables and views")
    yield from _check_roles(connection, script, relations)


def _check_roles(
    connection: Connection, script: str, relations: list[Mapping[str, Any]]
) -> Iterator[Check]:
    names = sorted(set(_ROLE.findall(script)))
    there = {
        row["name"]: row["superuser"]
        for row in fetch(connection, "upkeep/present_roles", names=names)
    }
    lacking = sorted(set(names) - there.keys())
    mighty = sorted(name for name, superuser in there.items() if superuser)
    opened = [
        row["name"] for row in relations if row["open_to_all"] and row["schema"] in _WITH_ANSWERS
    ]
    if lacking:
        yield wrong(
            "roles", f"the server lacks {some(lacking)}", "Make them, then give their rights again."
        )
    if mighty:
        yield wrong(
            "roles",
            f"{some(mighty)} may do anything, past every rule",
            "alter role … nosuperuser for each.",
        )
    if opened:
        yield wrong(
            "roles",
            f"everyone who can connect may read {some(opened)}",
            "revoke all on table … from public for each.",
        )
    if not (lacking or mighty or opened):
        owners = sorted({row["owner"] for row in relations})
        made = f"; {len(names)} roles of the migrations" if names else ""
        yield holds("roles", f"owned by {', '.join(owners)}; no answer is open to everyone{made}")


def _scripts(revision: str) -> str:
    """The migrations up to that revision."""
    paths = sorted(path for path in MIGRATIONS.glob("*.sql") if _REVISION.match(path.name))
    return "\n".join(path.read_text("utf-8") for path in paths if path.name[:4] <= revision)


def check_rights(connection: Connection) -> Iterator[Check]:
    """Who may read or do more than has to be; nothing where the warehouse knows no roles yet."""
    schemas = sorted(set(_SCHEMA.findall(_scripts(current_revision(connection) or ""))))
    if "access" in schemas:
        yield from rights.check_rights(connection, schemas)


def check_views(connection: Connection) -> Iterator[Check]:
    """Whether every materialised view was filled and every index can be used."""
    schemas = sorted(set(_SCHEMA.findall(_scripts(newest_revision()))))
    rows = fetch(connection, "upkeep/unready", schemas=schemas)
    views = [row["name"] for row in rows if row["is_view"]]
    indexes = [row["name"] for row in rows if not row["is_view"]]
    if views:
        yield wrong(
            "views",
            f"never filled: {some(views)}",
            "refresh materialized view … for each; then `senacs run indicators`.",
        )
    if indexes:
        yield wrong("views", f"indexes that cannot be used: {some(indexes)}", "reindex index …")
    if not rows:
        yield holds("views", "materialised views are filled, indexes can be used")


def check_runs(connection: Connection) -> Iterator[Check]:
    """Runs that no process works on any more, and what came in later than now."""
    runs = fetch(connection, "upkeep/open_runs")
    dead = [run for run in runs if not run["alive"]]
    for run in dead:
        key = f"{run['collection']} {run['territory']} {run['data_year']}"
        yield wrong(
            "runs",
            f"{key} was begun {run['started_at']:%Y-%m-%d %H:%M} UTC and its process is dead",
            f"senacs run territory {key}",
        )
    if not dead:
        alive = f"{len(runs)} at work" if runs else "none is open"
        yield holds("runs", alive)
    newest = fetch(connection, "upkeep/newest_receipt")[0]
    if newest["to_come"]:
        yield wrong(
            "clock",
            f"the newest export is said to have come in at {newest['newest']:%Y-%m-%d %H:%M} UTC, "
            "which is to come: the clock was wrong then, or is now",
            "Set the clock; until then an older delivery may be taken for the newest.",
        )

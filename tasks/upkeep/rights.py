"""What the doctor asks about rights: who may read or do more than has to be."""

from collections.abc import Iterator

from sqlalchemy import Connection

from senacs.warehouse.statements import fetch
from tasks.upkeep.checks import Check, holds, note, some, wrong

_ADVICE = {
    "unprotected": (
        "rows of territories are under no row-level security in {}",
        "alter table … enable row level security, with a policy for each role that may read it.",
    ),
    "owner's view": (
        "these views answer with their owner's rights: {}",
        "alter view … set (security_invoker = true) for each.",
    ),
    "granted partition": (
        "partitions can be read past the policies of their table: {}",
        "revoke all on table … from … for each: rights stand on the parent.",
    ),
    "open": (
        "everyone who can connect may use {}",
        "revoke all on … from public for each.",
    ),
    "open database": (
        "every login of the server may connect to {}, or make temporary tables there",
        "As its owner: revoke all on database … from public.",
    ),
    "closed database": (
        "the flows' role may not make temporary tables in {}: no indicator can be refreshed",
        "As its owner: grant temporary on database … to senacs_etl.",
    ),
    "search path": (
        "functions with their owner's rights look names up where the caller says: {}",
        "alter function … set search_path = pg_catalog, pg_temp for each.",
    ),
    "mighty role": (
        "{} may more than a group of ours",
        "alter role … nologin nocreaterole nocreatedb noreplication nobypassrls "
        "(senacs_etl keeps bypassrls).",
    ),
    "mighty login": (
        "{} may more than the group it was given, past every rule",
        "Take its other rights away, or `senacs access revoke` it.",
    ),
}


def check_rights(connection: Connection, schemas: list[str]) -> Iterator[Check]:
    """Whether every row of a territory is protected and nothing is open that must not be.

    What has to be protected is derived from the catalogue, not from a list.
    """
    found = fetch(connection, "upkeep/rights", schemas=schemas)
    for problem, (says, todo) in _ADVICE.items():
        if names := [row["name"] for row in found if row["problem"] == problem]:
            yield wrong("rights", says.format(some(names)), todo)
    told = [row["name"] for row in fetch(connection, "upkeep/told_by_statistics")]
    if told:
        yield wrong(
            "rights",
            f"`explain` tells of answers of others, from statistics of {some(told)}",
            "As the owner: call access.keep_out_of_statistics().",
        )
    if not found and not told:
        yield holds("rights", "rows of territories are protected, nothing is open to everyone")
    if lost := [row["login"] for row in fetch(connection, "upkeep/lost_logins")]:
        yield note(
            "rights",
            f"logins that hold territories and are not on the server: {some(lost)}",
            "`senacs access revoke` each, before somebody else gets a login of that name.",
        )

"""Freezes a data year's figures after disclosure control, and records the decision to publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.codebook import load_collection
from senacs.disclosure.rules import FILE
from senacs.errors import VintageError
from senacs.fingerprint import hash_of, product_version
from senacs.settings import settings
from senacs.vintages.checklist import Checklist
from senacs.vintages.model import Kind, Vintage
from senacs.vintages.tables import Layout
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.freezing import Year, freeze


@dataclass(frozen=True)
class Proposal:
    """A vintage with what a person looks at before releasing it.

    Attributes:
        released: the decision, where there is one already.
    """

    collection: str
    data_year: int
    number: int
    checklist: Checklist
    released: Vintage | None


@task(name="propose-vintage", cache_policy=NO_CACHE)
def propose_vintage(collection: str, data_year: int) -> Proposal:
    """Freeze the figures of a data year as they are now, protected and attacked.

    In one transaction that sees one state of the warehouse. What was proposed before and not
    released is replaced; where the newest vintage was made of the same, it stays and is given.

    Raises:
        VintageError: there are no figures of that data year, or the collection is not published.
        DisclosureError: figures contradict each other.
    """
    declared = load_collection(settings().codebook, collection)
    declared.campaign(data_year)
    if not declared.published:
        raise VintageError(f"{collection}: collection.yml says that it is not published")
    year: Year = {"collection": collection, "data_year": data_year}
    engine = warehouse().execution_options(isolation_level="REPEATABLE READ")
    with engine.begin() as connection:
        execute(connection, "publication/lock", **year)
        made_of = fetch(connection, "publication/inputs", **year)[0]
        if not made_of["inputs"]:
            raise VintageError(f"{collection} {data_year}: there are no figures to publish")
        rules = (settings().codebook / FILE).read_text(encoding="utf-8")
        inputs = hash_of(str(made_of["inputs"]), str(made_of["codebook"]), rules)
        newest = _newest(connection, year)
        if newest is not None and newest["inputs"] == inputs:
            return _proposal(newest)
        execute(connection, "publication/forget_proposal", **year)
        (made,) = fetch(
            connection, "publication/insert_vintage", **year, codebook=made_of["codebook"],
            code=product_version(), inputs=inputs,
        )  # fmt: skip
        layout = Layout(declared, data_year, made["number"])
        checks = freeze(connection, layout, made["vintage_no"])
        execute(
            connection, "publication/insert_checks", vintage_no=made["vintage_no"],
            checks=checks.model_dump_json(),
        )  # fmt: skip
        newest = _newest(connection, year)
    if newest is None:
        raise VintageError(f"{collection} {data_year}: the proposal is gone")
    return _proposal(newest)


@task(name="release-vintage", cache_policy=NO_CACHE)
def release_vintage(
    collection: str, data_year: int, *, kind: Kind, reason: str, decided_by: str, day: date
) -> Vintage:
    """Record the decision to publish the vintage that is proposed; from now on it never changes.

    Raises:
        VintageError: none is proposed, or something forbids it.
    """
    year: Year = {"collection": collection, "data_year": data_year}
    with warehouse().begin() as connection:
        execute(connection, "publication/lock", **year)
        newest = _newest(connection, year)
        if newest is None or newest["kind"] is not None:
            raise VintageError(
                f"{collection} {data_year}: nothing is proposed; first: "
                f"senacs vintage propose {collection} {data_year}"
            )
        if obstacles := list(_checklist(newest).obstacles()):
            raise VintageError(
                f"{collection} {data_year} number {newest['number']} cannot be released: "
                f"{'; '.join(obstacles)}"
            )
        execute(
            connection, "publication/insert_release", vintage_no=newest["vintage_no"],
            kind=str(kind), reason=reason, decided_by=decided_by, released_on=day,
        )  # fmt: skip
        newest = _newest(connection, year)
    released = _proposal(newest).released if newest else None
    if released is None:
        raise VintageError(f"{collection} {data_year}: the decision was not recorded")
    return released


def vintages(collection: str, data_year: int | None) -> list[Proposal]:
    """The vintages of a data year, or of all, with what was decided; oldest first."""
    with warehouse().connect() as connection:
        rows = fetch(connection, "publication/vintages", collection=collection, data_year=data_year)
    return [_proposal(row) for row in rows]


def vintage_of(row: Mapping[str, Any]) -> Vintage:
    """A released vintage, from a row that has its decision."""
    return Vintage(
        row["collection"], row["data_year"], row["number"], Kind(row["kind"]), row["reason"],
        row["decided_by"], row["released_on"], row["codebook"], row["code"],
    )  # fmt: skip


def _newest(connection: Connection, year: Year) -> Mapping[str, Any] | None:
    rows = fetch(connection, "publication/vintages", **year)
    return rows[-1] if rows else None


def _proposal(row: Mapping[str, Any]) -> Proposal:
    return Proposal(
        row["collection"],
        row["data_year"],
        row["number"],
        _checklist(row),
        vintage_of(row) if row["kind"] is not None else None,
    )


def _checklist(row: Mapping[str, Any]) -> Checklist:
    return Checklist.model_validate(row["checks"])

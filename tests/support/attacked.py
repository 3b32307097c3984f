"""A warehouse with two territories' simulated rows, and people who may read one, all or none."""

# ruff: noqa: S608 - the statements are our own

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from senacs.access import Holding, Role
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.world import World, simulate
from senacs.vintages.model import Kind
from senacs.warehouse.revisions import upgrade
from tasks import access
from tasks.vintages import propose_vintage, release_vintage
from tests.support.installation import Installation, installation
from tests.support.postgres import Server

MINE, THEIRS = "48", "09"
"""Two small départements, each a territory; the correspondent holds the first."""
YEAR = 2015
PASSWORD = "essai"
AUTHOR = "Équipe nationale"
SCHEMAS = (
    "reference", "codebook", "intake", "department", "national", "indicator", "query", "quality",
    "access", "publication",
)  # fmt: skip
_RELATIONS = f"""
select format('%%I.%%I', n.nspname, c.relname), c.relkind::text,
       exists (select from pg_attribute a
                where a.attrelid = c.oid and a.attname = 'territory' and not a.attisdropped)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in {(*SCHEMAS, "public")} and c.relkind in ('r', 'p', 'v', 'm', 'S') order by 1
"""


@dataclass(frozen=True)
class Attacked:
    """The warehouse and its logins."""

    made: Installation
    correspondent: str
    analyst: str
    public: str
    flows: str

    @contextmanager
    def as_(self, login: str) -> Iterator[psycopg.Connection]:
        """A connection as somebody, each statement a transaction."""
        url = self.made.engine.url.set(drivername="postgresql", username=login, password=PASSWORD)
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as opened:
            yield opened

    def relations(self) -> list[tuple[str, str, bool]]:
        """Each table, partition, view and sequence: name, kind, whether it says the territory."""
        return self.made.ask(_RELATIONS)

    def secrets(self) -> set[str]:
        """What marks a row as the other territory's in a table that does not say it."""
        found = set()
        for query in (
            "select unit_id from department.record where territory = %s",
            "select structure_id from reference.structure where territory = %s",
            "select run_id::text from intake.run where territory = %s",
            "select receipt_id::text from intake.receipt where territory = %s",
            "select sha256 from intake.receipt where territory = %s",
            "select item_key from query.item where territory = %s",
        ):
            rows = self.made.ask(query, THEIRS)
            assert rows, query
            found |= {value for (value,) in rows}
        return found


def own_name(what: str) -> str:
    return f"{what}_{os.getpid()}"


@contextmanager
def attacked(server: Server, home: Path) -> Iterator[Attacked]:
    """Two territories loaded by the flows, as a login that is of the flows and nothing else."""
    world = World(7, (YEAR,), {MINE: (MINE,), THEIRS: (THEIRS,)}, defects=0.01)
    list(simulate(world, home / "world", PROJECT_ROOT / "codebook"))
    declared = {"codebook": home / "world/codebook", "drop_folder": home / "world/exports"}
    owner = server.create()
    names = [own_name(what) for what in ("correspondent", "analyst", "public", "flows")]
    with installation(owner, home, **declared) as made:
        upgrade(made.engine)
        for name, role in zip(names[1:], (Role.ANALYST, Role.PUBLIC, Role.FLOWS), strict=True):
            access.make_login(name, PASSWORD, AUTHOR)
            access.give_role(name, role, AUTHOR)
        access.make_login(names[0], PASSWORD, AUTHOR)
        access.give_territories([Holding(names[0], MINE, None, date(2015, 1, 1), None)], AUTHOR)
    try:
        flows = make_url(owner).set(username=names[3], password=PASSWORD)
        given = {"owner_database_url": owner, **declared}
        with installation(flows.render_as_string(hide_password=False), home, **given) as made:
            for collection in ("registre", "senacs"):
                for code in (MINE, THEIRS):
                    assert made.run(collection, code, YEAR).outcome == "loaded"
                made.refresh(collection, YEAR)
            _publish(made)
            _reply(made)
            yield Attacked(made, *names)
    finally:
        server.drop(owner)
        for name in names:
            server._do(f"drop role if exists {name}")


def _publish(made: Installation) -> None:
    """Release the survey's figures, and leave a vintage that nobody has decided about."""
    propose_vintage.fn("senacs", YEAR)
    release_vintage.fn(
        "senacs", YEAR, kind=Kind.FINAL, reason="Essai.", decided_by=AUTHOR, day=date(2016, 12, 1)
    )
    with made.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into publication.vintage (collection, data_year, number, codebook, code, "
            f"inputs) values ('senacs', {YEAR}, 2, 'c', 'c', 'i')"
        )
        connection.exec_driver_sql(
            "insert into publication.stored_figure (vintage_no, level, area, series, status, "
            "n_scope, n_responded) select max(vintage_no), 'departement', '00', 0, 'hidden', 1, 1 "
            "from publication.vintage"
        )


def _reply(made: Installation) -> None:
    """What correspondents sent back, and what a drop folder saw, of both territories alike."""
    with made.engine.begin() as connection:
        for code in (MINE, THEIRS):
            connection.exec_driver_sql(
                "insert into query.reply (reply_id, address, collection, data_year, territory, "
                "rule, unit_id, question, kind, value, reason, author, given, source) values "
                f"('r{code}', 'a{code}', 'senacs', {YEAR}, '{code}', '', 'u', 'q', 'corrected', "
                f"'1', '', 'Correspondant {code}', '2016-05-01', 'essai')"
            )
            connection.exec_driver_sql(
                "insert into query.returned_file (sha256, file_name, bytes, collection, "
                "data_year, territory, author, recorded, already, refused) values "
                f"(repeat('0', 64), 'r.xlsx', 1, 'senacs', {YEAR}, '{code}', 'x', 1, 0, '{{}}')"
            )
            connection.exec_driver_sql(
                f"insert into intake.sighting values ('senacs', {YEAR}, '{code}', 's', 'm', now())"
            )
            for statement in (
                f"insert into intake.calendar_step values ('senacs', {YEAR}, '{code}', 'open', "
                "'open', now())",
                f"insert into intake.calendar_visit values ('senacs', {YEAR}, '{code}', now())",
                "insert into intake.calendar_decision (collection, data_year, territory, subject, "
                f"day, author, reason, decided_at) values ('senacs', {YEAR}, '{code}', 'deadline', "
                f"'2016-06-01', 'x', 'Congés de {code}', now())",
            ):
                connection.exec_driver_sql(statement)
    # Statistics as a warehouse in use has them.
    with made.engine.connect() as connection:
        connection.exec_driver_sql("analyze")
        connection.commit()

"""Rights are given and taken back, each act is recorded, and who may not is told what to do."""

# ruff: noqa: S608 - the statements are our own

import itertools
import os
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

from senacs.access import Holding, Role
from senacs.cli.main import app
from senacs.errors import ConfigurationError, WarehouseError
from senacs.warehouse.revisions import MIGRATIONS, newest_revision, upgrade
from tasks import access
from tests.support.installation import Installation
from tests.support.postgres import PORTAL_ROLES, Server

AUTHOR = "Équipe nationale"
ROLES = tuple(role.in_database for role in Role)
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def names(server: Server) -> Iterator[list[str]]:
    """Logins of these tests, gone once no database knows them any more."""
    made: list[str] = []
    yield made
    for name in made:
        server._do(f"drop role if exists {name}")


@pytest.fixture
def login(names: list[str]) -> str:
    """The name of a login that nobody has."""
    names.append(f"person_{os.getpid()}_{next(_NUMBERS)}")
    return names[-1]


def given(login: str, code: str = "92", until: date | None = None, collection: str | None = None):
    return Holding(login, code, collection, date(2012, 1, 1), until)


def senacs(*arguments: str, said: str = "") -> str:
    ended = CliRunner().invoke(app, ["access", *arguments], input=said)
    assert ended.exit_code == 0, ended.output + repr(ended.exception)
    return ended.output


def acts(login: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (row["act"], row["role"], row["territory"]) for row in reversed(access.events(login, 99))
    ]


def rows_of(desk: Installation, login: str, password: str) -> int:
    url = desk.engine.url
    where = {"host": url.host, "port": url.port, "dbname": url.database}
    with psycopg.connect(user=login, password=password, **where) as connection:
        return connection.execute("select count(*) from department.answer").fetchone()[0]


class TestCommands:
    def test_a_territory_given_and_taken_back(self, desk: Installation, login: str):
        desk.run("registre", "92", 2012)

        told = senacs("grant", login, "--territory", "92", "--author", AUTHOR, "--new")
        (password,) = re.findall(r"shown only now: (\S{24})$", told, re.M)
        assert rows_of(desk, login, password) > 100
        assert f"{login}: senacs_correspondent of 92 (all collections)" in senacs("list")

        senacs("revoke", login, "--author", AUTHOR)
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            rows_of(desk, login, password)
        assert acts(login) == [
            ("login made", None, None),
            ("role given", "senacs_correspondent", None),
            ("territory given", None, "92"),
            ("territory taken", None, "92"),
            ("role taken", "senacs_correspondent", None),
        ]
        assert senacs("log", login).count(AUTHOR) == 5
        assert desk.ask("select 1 from access.event where author <> %s", AUTHOR) == []

    def test_a_password_is_typed_and_never_sent(self, desk: Installation, login: str):
        senacs("admit", login, "analyst", "--author", AUTHOR, "--new", "--ask-password",
               said="hush hush\nhush hush\n")  # fmt: skip

        assert rows_of(desk, login, "hush hush") == 0
        [(kept,)] = desk.ask("select rolpassword from pg_authid where rolname = %s", login)
        assert kept.startswith("SCRAM-SHA-256$")

    def test_help_is_there_for_each(self):
        for command in ("grant", "admit", "revoke", "list", "log"):
            assert len(senacs(command, "--help")) > 300


class TestRules:
    @pytest.mark.parametrize(
        ("days", "seen"),
        [((0, 0), True), ((-3, None), True), ((1, None), False), ((-3, -1), False)],
    )
    def test_a_right_has_its_days(self, desk: Installation, login: str, days, seen):
        desk.run("registre", "92", 2012)
        [(today,)] = desk.ask("select (now() at time zone 'Europe/Paris')::date")
        since, until = (None if n is None else today + timedelta(days=n) for n in days)
        access.make_login(login, "x", AUTHOR)
        access.give_territories([Holding(login, "92", None, since, until)], AUTHOR)

        assert (rows_of(desk, login, "x") > 0) is seen

    def test_one_collection_of_a_territory(self, desk: Installation, login: str):
        desk.run("registre", "92", 2012)
        access.make_login(login, "x", AUTHOR)
        access.give_territories([given(login, collection="senacs")], AUTHOR)
        assert rows_of(desk, login, "x") == 0

        access.give_territories([given(login, collection="registre")], AUTHOR)
        assert rows_of(desk, login, "x") > 0

        assert access.take_back(login, AUTHOR, ["92"], "registre") == 1
        assert rows_of(desk, login, "x") == 0

    @pytest.mark.usefixtures("desk")
    def test_giving_again_renews(self, login: str):
        access.make_login(login, "x", AUTHOR)
        for until in (date(2013, 1, 1), date(2014, 1, 1)):
            access.give_territories([given(login, until=until)], AUTHOR)

        assert [row["valid_until"] for row in access.holders() if row["login"] == login] == [until]
        assert [act for act, _, _ in acts(login)].count("territory given") == 2

    @pytest.mark.usefixtures("desk")
    def test_what_is_refused_changes_nothing(self, login: str, server: Server):
        access.make_login(login, "x", AUTHOR)
        before = acts(login), access.holders()
        with pytest.raises(ConfigurationError, match="asks the territory '99'"):
            access.give_territories([given(login), given(login, "99")], AUTHOR)
        with pytest.raises(ConfigurationError, match="no collection 'x'"):
            access.give_territories([given(login, collection="x")], AUTHOR)
        with pytest.raises(WarehouseError, match="there already"):
            access.make_login(login, "x", AUTHOR)
        with pytest.raises(WarehouseError, match="no login nobody_"):
            access.give_territories([given("nobody_at_all")], AUTHOR)
        with pytest.raises(ConfigurationError, match="for groups"):
            access.give_role("senacs_etl", Role.ANALYST, AUTHOR)
        with pytest.raises(ConfigurationError, match="no name"):
            access.make_login('x"; drop table y', "x", AUTHOR)
        with pytest.raises(ConfigurationError, match="before it begins"):
            given(login, until=date(2011, 1, 1))
        with pytest.raises(WarehouseError, match="nothing of that"):
            access.take_back(login, AUTHOR)
        for more in ("bypassrls", "createrole", "superuser"):
            server._do(f"alter role {login} {more}")
            with pytest.raises(WarehouseError, match=f"may more .*{more}"):
                access.give_territories([given(login)], AUTHOR)
            server._do(f"alter role {login} no{more}")
        for group in ("pg_read_all_data", "senacs_etl"):
            server._do(f"grant {group} to {login}")
            with pytest.raises(WarehouseError, match=f"member of {group}"):
                access.give_territories([given(login)], AUTHOR)
            server._do(f"revoke {group} from {login}")
        assert (acts(login), access.holders()) == before

    def test_what_is_written_by_hand_is_recorded(self, desk: Installation, login: str):
        with desk.engine.begin() as connection:
            connection.exec_driver_sql(
                "insert into access.holding (login, territory, valid_from, given_by) "
                f"values ('{login}', '92', now(), 'x')"
            )
        assert [(r["act"], r["author"]) for r in access.events(login, 9)] == [
            ("territory given", desk.engine.url.username)
        ]


class TestMigration:
    """By an owner that is no superuser, as on a server of one's own."""

    @pytest.fixture
    def owned(self, other_server: Server) -> Iterator[tuple[str, str]]:
        other_server.clear()
        for role in (*ROLES, *PORTAL_ROLES):
            other_server._do(f"drop role if exists {role}")
        name = f"owner_{os.getpid()}_{next(_NUMBERS)}"
        other_server._do(f"create role {name} login createrole password 'x'")
        url = other_server.create()
        database = create_engine(url).url.database
        other_server._do(f"alter database {database} owner to {name}")
        engine = create_engine(create_engine(url).url.set(username=name, password="x"))
        yield engine, name
        engine.dispose()
        other_server.drop(url)
        for role in (*ROLES, *PORTAL_ROLES, name):
            other_server._do(f"drop role if exists {role}")

    def test_it_says_what_an_administrator_has_to_run(self, owned, other_server: Server):
        engine, _ = owned
        with pytest.raises(WarehouseError, match="Let an administrator") as refused:
            upgrade(engine)
        said = re.search(r"server run: (.*) with admin option", str(refused.value))
        for statement in f"{said[1]} with admin option".split("; "):
            other_server._do(statement)

        assert upgrade(engine)[1] == newest_revision()
        with engine.connect() as connection:
            connection.exec_driver_sql("set role senacs_etl")
            connection.exec_driver_sql("select department.open_year(2011)")
            connection.exec_driver_sql("select reference.renew_statistics()")

    def test_databases_of_one_server_make_the_roles_at_once(self, other_server: Server):
        making = (MIGRATIONS / "0015_access.sql").read_text("utf-8").partition("end $$;")
        urls = [other_server.create() for _ in range(4)]
        together, raised = threading.Barrier(len(urls)), []

        def one(url: str) -> None:
            engine = create_engine(url)
            try:
                with engine.connect() as connection:
                    together.wait()
                    driver = connection.connection.driver_connection
                    driver.execute("".join(making[:2]))
                    driver.commit()
            except Exception as error:
                raised.append(error)
            finally:
                engine.dispose()

        for _ in range(5):
            for role in ROLES:
                other_server._do(f"drop role if exists {role}")
            threads = [threading.Thread(target=one, args=(url,)) for url in urls]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert raised == []
            assert len(other_server._ask(f"select 1 from pg_roles where rolname in {ROLES}")) == 4
        for url in urls:
            other_server.drop(url)

"""The warehouse's revisions on real servers: the embedded PostgreSQL and another one."""

# ruff: noqa: S608 - the statements are our own

import threading

import pytest
from sqlalchemy import create_engine

from senacs.errors import WarehouseError
from senacs.warehouse.revisions import current_revision, newest_revision, upgrade
from tasks.prepare import prepare
from tests.support.installation import installation
from tests.support.postgres import OLDEST
from tests.support.revisions import migrate

SCHEMAS = (
    "reference", "codebook", "intake", "department", "national", "indicator", "query", "quality",
    "access", "register", "analysis", "portal", "notice", "publication", "pact",
)  # fmt: skip


@pytest.fixture(params=["server", "other_server"])
def chosen(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def empty(chosen):
    """The engine of a new, empty database."""
    url = chosen.create()
    engine = create_engine(url)
    yield engine
    engine.dispose()
    chosen.drop(url)


def tables(engine, kinds: str = "rpmv") -> set[str]:
    query = (
        "select n.nspname || '.' || c.relname from pg_class c "
        "join pg_namespace n on n.oid = c.relnamespace "
        f"where c.relkind in {tuple(kinds)} and n.nspname in {SCHEMAS}"
    )
    with engine.connect() as connection:
        return {name for (name,) in connection.exec_driver_sql(query)}


def test_the_other_server_is_one_that_we_support(other_server):
    assert other_server.version >= OLDEST


def test_an_empty_database_is_brought_to_the_newest_revision(empty):
    with empty.connect() as connection:
        assert current_revision(connection) is None

    assert upgrade(empty) == (None, newest_revision())

    with empty.connect() as connection:
        assert current_revision(connection) == newest_revision()
    assert {name.split(".")[0] for name in tables(empty)} == set(SCHEMAS)


def test_a_second_upgrade_changes_nothing(empty):
    upgrade(empty)
    before = tables(empty)

    assert upgrade(empty) == (newest_revision(), newest_revision())
    assert tables(empty) == before


def test_a_warehouse_newer_than_the_product_is_refused(empty):
    upgrade(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")

    with pytest.raises(WarehouseError, match=r"9999.*newer"):
        upgrade(empty)


def test_two_processes_that_upgrade_at_once_do_it_once(empty):
    """Both have seen the empty database before either begins."""
    other = create_engine(empty.url)
    raised = []

    def also():
        try:
            upgrade(other)
        except Exception as error:
            raised.append(error)

    with empty.connect() as connection:
        # Holding the lock, we know that the other one waits for it or has not come yet.
        connection.exec_driver_sql(
            "select pg_advisory_lock(hashtextextended('senacs migrations', 0))"
        )
        thread = threading.Thread(target=also)
        thread.start()
        while not (waited := _waits(empty)) and thread.is_alive():
            pass
        connection.exec_driver_sql(
            "select pg_advisory_unlock(hashtextextended('senacs migrations', 0))"
        )
        upgrade(empty)
        thread.join()
    other.dispose()

    assert waited
    assert raised == []
    with empty.connect() as connection:
        assert current_revision(connection) == newest_revision()


def _waits(engine) -> bool:
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with engine.connect() as connection:
        return connection.exec_driver_sql(query).scalar_one() > 0


def test_every_schema_table_and_column_has_a_comment(empty):
    """The data dictionary is made from them."""
    upgrade(empty)
    query = (
        "select n.nspname || '.' || c.relname || coalesce('.' || a.attname, '') "
        "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
        f"where c.relkind in ('r', 'p', 'm', 'v') and n.nspname in {SCHEMAS} "
        "and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') "
        "is null or obj_description(n.oid, 'pg_namespace') is null)"
    )
    with empty.connect() as connection:
        assert [name for (name,) in connection.exec_driver_sql(query)] == []


def test_the_layers_keep_their_rows_when_they_are_parted_by_year(empty):
    migrate(empty, "0013")
    with empty.begin() as connection:
        for year in (2011, 2024):
            for table, values in (
                ("department.record", f"'senacs', {year}, '92', 'a', 2, 'CS', null, true"),
                (
                    "department.answer",
                    f"'senacs', {year}, '92', 'a', 'q', 2, 'x', null, null, 'x', 'reported'",
                ),
                (
                    "national.unit",
                    f"'senacs', {year}, 'a', '92', 'CS', '92', '11', 'm', true, true",
                ),
                (
                    "national.observation",
                    f"'senacs', {year}, '92', 'a', 'v', 1.5, null, null, 'reported'",
                ),
            ):
                connection.exec_driver_sql(f"insert into {table} values ({values})")
        before = layers(connection)

    upgrade(empty)

    with empty.connect() as connection:
        assert layers(connection) == before
        parts = connection.exec_driver_sql(
            "select inhrelid::regclass::text from pg_inherits "
            "where inhparent = 'department.answer'::regclass order by 1"
        )
        assert [name for (name,) in parts] == ["department.answer_2011", "department.answer_2024"]


def layers(connection) -> list[str]:
    """The keys and some values of all rows of both layers."""
    found = connection.exec_driver_sql(
        "select 'record', data_year, unit_id, accepted::text from department.record union all "
        "select 'answer', data_year, unit_id, raw from department.answer union all "
        "select 'unit', data_year, unit_id, manager from national.unit union all "
        "select 'observation', data_year, unit_id, number::text from national.observation"
    )
    return sorted(map(str, found))


class TestPrepare:
    @pytest.fixture
    def made(self, chosen, tmp_path):
        url = chosen.create()
        with installation(url, tmp_path) as made:
            yield made
        chosen.drop(url)

    @staticmethod
    def content(made) -> dict[str, list[tuple]]:
        names = sorted(
            name
            for name in tables(made.engine, "rm")
            if name.split(".")[0] in {"reference", "codebook", "analysis"}
        )
        return {
            name: sorted(made.ask(f"select t::text, xmin::text from {name} t")) for name in names
        }

    def test_it_migrates_and_fills_reference_and_codebook(self, made):
        version = prepare.fn("senacs")

        assert made.ask("select count(*) from reference.departement where zone <> 'com'") == [
            (101,)
        ]
        assert made.ask("select version from codebook.collection") == [(version,)]
        assert made.ask(
            "select code, departement from reference.commune where code in ('92004', '2A004') "
            "order by 1"
        ) == [("2A004", "2A"), ("92004", "92")]

    def test_a_second_time_writes_nothing(self, made):
        prepare.fn("senacs")
        before = self.content(made)

        prepare.fn("senacs")

        assert self.content(made) == before

    def test_collections_do_not_disturb_each_other(self, made):
        prepare.fn("senacs")
        prepare.fn("registre")

        assert made.ask("select collection from codebook.collection order by 1") == [
            ("registre",),
            ("senacs",),
        ]
        assert made.ask(
            "select collection, data_year, perimeter from reference.campaign_departement "
            "order by 1, 2"
        ) == [
            ("registre", 2011, "export"),
            ("registre", 2012, "export"),
            ("senacs", 2011, "federated"),
            ("senacs", 2012, "all"),
        ]

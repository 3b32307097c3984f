"""The doctor finds what was broken on purpose, and nothing else."""

# ruff: noqa: S608 - the statements are our own

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from senacs.deliveries import TerritoryYear
from senacs.settings import PROJECT_ROOT, settings
from tasks import archive
from tasks.locks import exclusive
from tasks.runs import open_run
from tasks.upkeep.checks import Check, State
from tasks.upkeep.doctor import examine
from tests.support.installation import Installation, installation, settings_in_environment
from tests.support.postgres import Server
from tests.support.revisions import migrate

KEY = TerritoryYear("senacs", "92", 2012)


def examined(**how: bool) -> list[Check]:
    return list(examine(settings(), **how))


def to_do(**how: bool) -> list[str]:
    return [f"{one.name}: {one.says}" for one in examined(**how) if one.state is State.TODO]


def senacs(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "SENACS_" not in name}
    return subprocess.run(
        [sys.executable, "-c", "from senacs.cli import main; main()", *arguments],
        env={**environment, **given}, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def do(made: Installation, *statements: str) -> None:
    with made.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


class TestWell:
    @pytest.mark.usefixtures("loaded")
    def test_a_loaded_installation(self):
        checks = examined()

        assert [one for one in checks if one.state is State.TODO] == []
        assert all(one.says and (one.todo or one.state is not State.TODO) for one in checks)
        (said,) = [one.says for one in checks if one.name == "archive"]
        assert said.startswith("7 exports")
        assert "all read" in said
        names = {one.name for one in checks}
        assert names >= {
            "settings", "disk", "codebook", "sources", "postgres", "clock", "time zone",
            "migrations", "schemas", "roles", "views", "runs", "archive", "prefect",
        }  # fmt: skip

    @pytest.mark.usefixtures("loaded")
    def test_it_says_how_far_it_is_with_the_archive(self):
        steps = []
        list(examine(settings(), lambda *step: steps.append(step)))

        assert steps[0] == ("archive", 0, 7)
        assert steps[-1] == ("archive", 7, 7)

    def test_an_empty_database(self, server: Server, tmp_path: Path):
        url = server.create()
        with installation(url, tmp_path):
            assert to_do() == []
            assert [one.state for one in examined() if one.name == "migrations"] == [State.NOTE]
        server.drop(url)

    def test_the_command(self, loaded_home: tuple[str, Path]):
        url, home = loaded_home
        given = {"SENACS_HOME": str(home), "SENACS_DATABASE_URL": url}

        told = senacs("doctor", "--quick", **given)
        assert told.returncode == 0, told.stdout + told.stderr
        assert told.stdout.splitlines()[-1] == "All is well."
        assert len([line for line in told.stdout.splitlines() if line.startswith("holds")]) > 8

        machine = senacs("doctor", "--json", **given)
        assert json.loads(machine.stdout)["well"] is True


class TestArchive:
    @pytest.fixture
    def held(self, desk: Installation) -> tuple[Installation, Path]:
        desk.run("registre", "92", 2012)
        (sha256,) = desk.archived()
        return desk, desk.home / "archive" / sha256[:2] / sha256

    def test_missing(self, held):
        held[1].unlink()
        assert to_do() == [f"archive: 1 missing: {held[1].name}"]

    def test_all_gone(self, held):
        shutil.rmtree(held[0].home / "archive")
        assert to_do() == [f"archive: 1 missing: {held[1].name}"]

    def test_of_another_size(self, held):
        held[1].write_bytes(held[1].read_bytes()[:-1])
        assert to_do() == [f"archive: 1 of another size than came in: {held[1].name}"]

    @pytest.mark.parametrize("quick", [True, False])
    def test_damaged(self, held, quick):
        data = bytearray(held[1].read_bytes())
        data[-1] ^= 1
        held[1].write_bytes(data)
        assert to_do(quick=quick) == [f"archive: 1 damaged: {held[1].name}"]

    def test_a_quick_look_reads_a_sample(self, held, tmp_path):
        made, _ = held
        for number in range(60):
            (tmp_path / "export").write_text(f"export {number}")
            sha256 = archive.store(tmp_path / "export")
            size = (tmp_path / "export").stat().st_size
            do(made, f"insert into intake.export values ('{sha256}', {size}, now())")
        (said,) = [one.says for one in examined(quick=True) if one.name == "archive"]
        assert said.startswith("61 exports")
        assert "50 of them read" in said
        (said,) = [one.says for one in examined() if one.name == "archive"]
        assert said.startswith("61 exports")
        assert "all read" in said

    def test_a_returned_file_counts_as_well(self, held):
        made, _ = held
        sha256 = archive.store_bytes(b"replies")
        do(
            made,
            "insert into query.returned_file (collection, data_year, territory, sha256, file_name, "
            "bytes, author, recorded, already, refused) "
            f"values ('senacs', 2012, '92', '{sha256}', 'retour.xlsx', 7, 'x', 0, 0, '{{}}')",
        )
        assert to_do() == []
        (said,) = [one.says for one in examined() if one.name == "archive"]
        assert said.startswith("2 exports and returned files")

        (made.home / "archive" / sha256[:2] / sha256).unlink()
        assert to_do() == [f"archive: 1 missing: {sha256}"]

    def test_what_nobody_knows_is_only_noted(self, held, tmp_path):
        (tmp_path / "export").write_text("arrived; its run died")
        sha256 = archive.store(tmp_path / "export")
        held[1].with_name("x.work.arriving").write_text("half")

        assert to_do() == []
        notes = [one.says for one in examined() if one.state is State.NOTE]
        assert [said for said in notes if sha256 in said]
        assert [said for said in notes if "x.work.arriving" in said]


class TestRuns:
    @pytest.mark.usefixtures("desk")
    def test_a_dead_one(self):
        open_run(KEY, "0")
        (told,) = [one for one in examined() if one.state is State.TODO]

        assert "senacs 92 2012" in told.says
        assert "dead" in told.says
        assert told.todo == "senacs run territory senacs 92 2012"

    @pytest.mark.usefixtures("desk")
    def test_one_at_work(self):
        with exclusive([KEY]):
            open_run(KEY, "0")
            assert to_do() == []
            assert [one.says for one in examined() if one.name == "runs"] == ["1 at work"]

    def test_what_its_advice_does(self, desk: Installation):
        open_run(KEY, "0")
        desk.run_all(("registre", "92", 2012), ("senacs", "92", 2012))
        assert to_do() == []


class TestWarehouse:
    @pytest.mark.parametrize(
        ("broken", "said"),
        [
            ("drop table intake.sighting", "schemas: .*gone: intake.sighting"),
            ("drop schema national cascade", "schemas: .*national.observation, national.unit"),
            (
                "create materialized view indicator.late as select 1 with no data",
                "views: never filled: indicator.late",
            ),
            (
                "update pg_index set indisvalid = false "
                "where indexrelid = 'indicator.change_of_cell'::regclass",
                "views: indexes that cannot be used: indicator.change_of_cell",
            ),
            ("grant select on department.answer to public", "roles: everyone .*department.answer"),
            *(
                (broken, f"rights: .*{said}")
                for broken, said in (
                    ("alter table national.unit disable row level security", "national.unit"),
                    ("create table reference.late (territory text)", "reference.late"),
                    ("create table query.late (a text)", "query.late"),
                    ("create view quality.late as select 1", "owner's rights: quality.late"),
                    ("alter view query.state reset (security_invoker)", "query.state"),
                    (
                        "create table query.whole (a int) partition by list (a); "
                        "alter table query.whole enable row level security; "
                        "create table query.part partition of query.whole default; "
                        "grant select on query.part to senacs_correspondent",
                        "partitions .*query.part",
                    ),
                    ("grant usage on schema national to public", "everyone .*national"),
                    ("grant select (year) on reference.epci_year to public", "reference.epci"),
                    ("grant execute on function query.refuse_change() to public", "refuse_change"),
                    (
                        "alter function department.open_year(integer) reset search_path",
                        "open_year",
                    ),
                    (
                        "alter table department.answer alter raw set statistics 10",
                        "statistics of department.answer",
                    ),
                )
            ),
            ("update alembic_version set version_num = '9999'", "migrations: .*9999, newer"),
            ("update alembic_version set version_num = '0001'", "migrations: .*0001"),
            ("update alembic_version set version_num = 'f00ba4'", "migrations: .*another program"),
            (
                "insert into intake.export values (repeat('a', 64), 0, now()); "
                "insert into intake.receipt select gen_random_uuid(), 'senacs', 2012, '92', "
                "repeat('a', 64), '', '', null, null, now() + '1 day'",
                "clock: the newest export .* is to come",
            ),
        ],
    )
    def test_broken(self, desk: Installation, broken: str, said: str):
        assert to_do() == []
        do(desk, *broken.split("; "))
        assert any(re.match(said, line) for line in to_do()), to_do()

    def test_behind(self, server: Server, tmp_path: Path):
        url = server.create()
        with installation(url, tmp_path) as made:
            migrate(made.engine, "0005")
            (told,) = to_do()
            assert told.startswith("migrations: at revision 0005")
        server.drop(url)

    def test_a_database_of_something_else(self, server: Server, tmp_path: Path):
        url = server.create()
        with installation(url, tmp_path) as made:
            do(made, "create table public.mine (a integer)")
            assert to_do() == ["migrations: the database is not a warehouse and holds public.mine"]
        server.drop(url)

    def test_a_role_that_may_not(self, desk: Installation):
        name = f"reader_{os.getpid()}"
        do(
            desk,
            f"create role {name} login password 'x'",
            f"grant connect on database {desk.engine.url.database} to {name}",
            f"grant usage on schema public, intake, department, national, codebook, reference, "
            f"indicator to {name}",
            f"grant select on all tables in schema intake, department, national, codebook, "
            f"reference, indicator to {name}",
            f"grant select on alembic_version to {name}",
        )
        url = desk.engine.url.set(username=name, password="x")
        try:
            with installation(url.render_as_string(hide_password=False), desk.home):
                assert any(line.startswith("schemas: the role") for line in to_do())
        finally:
            with installation(desk.engine.url.render_as_string(hide_password=False), desk.home):
                pass
            settings.cache_clear()

    def test_one_that_does_not_answer(self, tmp_path: Path):
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        url = f"postgresql://senacs:hush@127.0.0.1:{port}/senacs"

        told = senacs("doctor", SENACS_HOME=str(tmp_path), SENACS_DATABASE_URL=url)

        assert told.returncode == 1
        assert "todo   postgres: it does not answer" in told.stdout
        assert "Traceback" not in told.stderr
        assert "hush" not in told.stdout + told.stderr

    def test_an_old_encoding(self, server: Server, tmp_path: Path):
        server._do("create database latin encoding 'LATIN1' locale 'C' locale_provider libc "
                   "template template0")  # fmt: skip
        url = server.url("latin")
        with installation(url, tmp_path):
            assert to_do()[0].endswith("encoding LATIN1")
        server.drop(url)


class TestSettings:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"SENACS_DATBASE_URL": "x"}, "SENACS_DATBASE_URL is no setting"),
            ({"SENACS_DATABASE_URL": "mysql://a/b"}, "starts with 'mysql'"),
            ({"SENACS_ARCHIVE_URL": "nowhere://a/b"}, "SENACS_ARCHIVE_URL cannot be used"),
            ({"SENACS_PREFECT_PORT": "70000"}, "SENACS_PREFECT_PORT is 70000"),
            ({"SENACS_RUNNER": "many"}, "SENACS_RUNNER: Input should be"),
            ({"SENACS_DASK_ADDRESS": "tcp://h:1"}, "SENACS_RUNNER is threads"),
            ({"SENACS_PREFECT_PORT": "many"}, "SENACS_PREFECT_PORT: Input should be"),
            ({"SENACS_CODEBOOK": "/nowhere"}, "/nowhere declares no collection"),
        ],
    )
    def test_wrong(self, loaded_home: tuple[str, Path], given: dict[str, str], said: str):
        url, home = loaded_home
        own = {"SENACS_HOME": str(home), "SENACS_DATABASE_URL": url}

        told = senacs("doctor", "--json", **{**own, **given})

        assert told.returncode == 1, told.stderr
        assert any(
            said in check["says"]
            for check in json.loads(told.stdout)["checks"]
            if check["state"] == "todo"
        ), told.stdout

    @pytest.mark.usefixtures("desk")
    def test_the_nearest_name_is_offered(self, monkeypatch):
        monkeypatch.setenv("SENACS_DATBASE_URL", "x")
        (told,) = [one for one in examined() if one.state is State.TODO]
        assert "SENACS_DATABASE_URL" in told.todo


SOURCES = {
    "sftp": "{kind: sftp, host: h.fr, path: a, user: u, key: ssh_key, passphrase: ssh_phrase, "
    "host_keys: ['SHA256:" + "A" * 43 + "']}",
    "s3": "{kind: s3, bucket: abc, key: not_a_secret, access_key: s3_id, secret_key: s3_key}",
    "limesurvey": "{kind: limesurvey, url: 'https://h.fr', survey: 1, user: u, password: lime}",
    "http": "{url: 'https://h.fr/x.csv', token: web_token}",
    "folder": "{kind: folder, path: caf92}",
}


class TestSources:
    """What the campaigns of a codebook need."""

    @pytest.fixture
    def declared(self, tmp_path: Path):
        """A codebook whose only campaign reads this source, until that day."""

        def declare(kind: str, closes: date) -> Path:
            folder = tmp_path / "codebook" / "fonjep"
            shutil.copytree(PROJECT_ROOT / "codebook" / "fonjep", folder)
            path = folder / "campaigns.yml"
            text = yaml.safe_load(path.read_text("utf-8"))
            for campaign in text:
                campaign["opens"], campaign["closes"] = date(2020, 1, 1), closes
                for territory in campaign["territories"]:
                    territory["source"] = yaml.safe_load(SOURCES[kind])
            path.write_text(yaml.safe_dump(text), "utf-8")
            return tmp_path / "codebook"

        return declare

    @pytest.mark.parametrize(
        ("kind", "lacking"),
        [
            ("sftp", {"SENACS_SECRET_SSH_KEY", "SENACS_SECRET_SSH_PHRASE"}),
            ("s3", {"SENACS_SECRET_S3_ID", "SENACS_SECRET_S3_KEY"}),
            ("limesurvey", {"SENACS_SECRET_LIME"}),
            ("http", {"SENACS_SECRET_WEB_TOKEN"}),
            ("folder", {"drop/caf92"}),
        ],
    )
    def test_lacking(self, desk: Installation, declared, monkeypatch, kind, lacking):
        tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011
        monkeypatch.setenv("SENACS_CODEBOOK", str(declared(kind, tomorrow)))
        settings.cache_clear()

        told = [line for line in to_do() if line.startswith("sources")]
        assert len(told) == len(lacking)
        assert all(any(name in line for line in told) for name in lacking)

        for name in lacking:
            if name.startswith("SENACS"):
                monkeypatch.setenv(name, "hush")
            else:
                (desk.home / name).mkdir(parents=True)
        assert [line for line in to_do() if line.startswith("sources")] == []
        assert "hush" not in str(examined())

    @pytest.mark.usefixtures("desk")
    def test_a_closed_campaign_needs_nothing(self, declared, monkeypatch):
        yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011
        monkeypatch.setenv("SENACS_CODEBOOK", str(declared("limesurvey", yesterday)))
        settings.cache_clear()

        assert [line for line in to_do() if line.startswith("sources")] == []
        assert [one.state for one in examined() if one.name == "sources"] == [State.NOTE]


def test_settings_that_only_root_can_use(tmp_path: Path):
    from tasks.upkeep.machine import check_settings  # noqa: PLC0415

    with settings_in_environment(home=tmp_path, postgres_user="nobody"):
        told = [one.state for one in check_settings(settings())]
    assert told == [State.HOLDS if os.geteuid() == 0 else State.TODO]

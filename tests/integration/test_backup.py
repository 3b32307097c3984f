"""Backups, restored into the embedded PostgreSQL, into another one, and into a new cluster."""

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from senacs.access import Holding
from senacs.errors import WarehouseError
from senacs.settings import PROJECT_ROOT, settings
from senacs.warehouse.revisions import current_revision, newest_revision, upgrade
from tasks import access, archive
from tasks.upkeep.backup import back_up
from tasks.upkeep.checks import State
from tasks.upkeep.doctor import examine
from tasks.upkeep.restore import restore, restore_archive, verify
from tests.support.installation import Installation, installation
from tests.support.postgres import Server
from tests.support.revisions import migrate

RELATIONS = (
    "select n.nspname || '.' || c.relname from pg_class c "
    "join pg_namespace n on n.oid = c.relnamespace "
    "where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' "
    "and n.nspname <> 'information_schema'"
)
SCHEMA = (
    "select n.nspname, c.relname, c.relkind::text, a.attname, "
    "format_type(a.atttypid, a.atttypmod), a.attnotnull, obj_description(c.oid, 'pg_class'), "
    "col_description(c.oid, a.attnum) "
    "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
    "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1, 2, 4"
)
COUNTERS = "select schemaname, sequencename, last_value from pg_sequences order by 1, 2"
NUMBERS = itertools.count()


def sorted_dump(made: Installation) -> dict[str, list[str]]:
    """Every row of every table and materialised view, as text, in one order."""
    return {
        table: sorted(row for (row,) in made.ask(f"select t::text from {table} t"))  # noqa: S608
        for (table,) in made.ask(RELATIONS)
    }


def to_do() -> list[str]:
    """What the doctor finds, but for the safety that the other server is run without here."""
    found = [f"{one.name}: {one.says}" for one in examine(settings()) if one.state is State.TODO]
    return [line for line in found if "fsync is off" not in line]


def own_account() -> str:
    return f"keeper_{os.getpid()}_{next(NUMBERS)}"


@pytest.fixture(scope="module")
def source(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The register and the survey of one territory, loaded once: its database and its home."""
    url, home = server.create(prepared), tmp_path_factory.mktemp("source")
    with installation(url, home) as made:
        made.run_all(("registre", "92", 2012), ("senacs", "92", 2012))
    yield url, home
    server.drop(url)


@pytest.fixture(scope="module")
def kept(source: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a backup of it, to be copied before it is changed."""
    folder = tmp_path_factory.mktemp("kept") / "backups"
    with installation(*source):
        back_up(folder)
    return folder


Empty = Callable[..., AbstractContextManager[Installation]]


@pytest.fixture
def empty(server: Server, tmp_path: Path) -> Empty:
    """An installation on a new, empty database with a new home."""

    @contextmanager
    def made(on: Server = server) -> Iterator[Installation]:
        url = on.create()
        try:
            with installation(url, tmp_path / f"home{next(NUMBERS)}") as installed:
                yield installed
        finally:
            on.drop(url)

    return made


def the_only(folder: Path) -> Path:
    (found,) = (path for path in folder.iterdir() if path.name.startswith("2"))
    return found


@pytest.fixture(params=["server", "other_server"])
def chosen(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("target", ["backups", "backup.tar"])
def test_what_is_restored_is_what_was_backed_up(
    source: tuple[str, Path], chosen: Server, empty: Empty, tmp_path: Path, target: str
):
    with installation(*source) as made:
        rows, columns, exports = sorted_dump(made), made.ask(SCHEMA), made.archived()
        counters = made.ask(COUNTERS)
        back_up(tmp_path / target)
    assert len(rows) > 20
    assert len(rows["department.answer"]) > 1000

    with empty(chosen) as made:
        restored = restore(tmp_path / target)

        assert sorted_dump(made) == rows
        assert made.ask(SCHEMA) == columns
        assert made.ask(COUNTERS) == counters
        assert made.archived() == exports
        assert to_do() == []
        assert (restored.exports, restored.upgraded) == (len(exports), None)


def test_a_restored_warehouse_goes_on_where_the_other_was(empty: Empty, kept: Path):
    with empty() as made:
        restore(kept)

        ended = made.run("senacs", "92", 2012)

        assert str(ended.outcome) == "unchanged"


def test_it_restores_into_a_second_embedded_server(kept: Path, tmp_path: Path):
    """By the commands, as a person does after the loss of a machine."""

    def senacs(*arguments: str) -> subprocess.CompletedProcess[str]:
        home = {"SENACS_HOME": str(tmp_path / "home")}
        given = {name: value for name, value in os.environ.items() if "SENACS_" not in name}
        return subprocess.run(
            [sys.executable, "-c", "from senacs.cli import main; main()", *arguments],
            env={**given, **home}, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = senacs("restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert "now: senacs doctor" in done.stdout

    doctor = senacs("doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout
    said = json.loads(doctor.stdout)
    assert said["well"]
    assert {"archive", "migrations", "postgres"} <= {check["name"] for check in said["checks"]}

    again = senacs("restore", str(kept))
    assert again.returncode == 1
    assert "not empty" in again.stderr

    packed = tmp_path / "again.tar"
    assert senacs("backup", str(packed)).returncode == 0
    assert senacs("restore", "--check", str(packed)).returncode == 0


def test_a_second_backup_copies_only_new_exports(
    server: Server, prepared: str, tmp_path: Path, empty: Empty
):
    url = server.create(prepared)
    with installation(url, tmp_path / "home") as made:
        made.run("registre", "92", 2012)
        assert back_up(tmp_path / "kept").copied == 1
        assert back_up(tmp_path / "kept").copied == 0
        made.run("registre", "92", 2011)
        second = back_up(tmp_path / "kept")
        rows = sorted_dump(made)

    assert second.copied == 1
    assert len(second.manifest.archive) == 2
    with empty() as made:
        restore(tmp_path / "kept")  # the newest of them
        assert sorted_dump(made) == rows
    server.drop(url)


def test_it_is_closed_to_others(kept: Path):
    modes = {path.stat().st_mode & 0o077 for path in kept.rglob("*") if path.parent != kept}
    assert modes == {0}


def test_checksums_are_those_that_anyone_can_check(kept: Path):
    backup = the_only(kept)
    text = (backup / "manifest.json").read_bytes()
    said = (backup / "manifest.json.sha256").read_text("ascii")

    assert said == f"{hashlib.sha256(text).hexdigest()}  manifest.json\n"
    for name, file in json.loads(text)["files"].items():
        assert hashlib.sha256((backup / name).read_bytes()).hexdigest() == file["sha256"]


class TestRefused:
    @pytest.fixture
    def copy(self, kept: Path, tmp_path: Path) -> Path:
        return the_only(shutil.copytree(kept, tmp_path / "copy"))

    @staticmethod
    def untouched(made: Installation) -> bool:
        return made.ask(RELATIONS) == [] and not (made.home / "archive").exists()

    @pytest.mark.parametrize(
        "name", ["warehouse.dump", "codebook/senacs/collection.yml", "export", "manifest.json"]
    )
    @pytest.mark.parametrize("how", ["changed", "cut", "gone"])
    def test_a_damaged_one(self, empty: Empty, copy: Path, name: str, how: str):
        path = copy / name
        if name == "export":
            path = sorted(p for p in (copy.parent / "archive").rglob("*") if p.is_file())[0]
        data = path.read_bytes()
        if how == "changed":
            path.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
        elif how == "cut":
            path.write_bytes(data[:-1])
        else:
            path.unlink()

        with empty() as made:
            with pytest.raises(WarehouseError, match=r"damaged|holds no backup|no backup"):
                restore(copy)
            assert self.untouched(made)
        with pytest.raises(WarehouseError):
            verify(copy)

    @pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
    def test_a_tar_file_that_was_cut_off(
        self, source: tuple[str, Path], empty: Empty, tmp_path: Path, share: float
    ):
        path = tmp_path / "whole.tar"
        with installation(*source):
            back_up(path)
        data = path.read_bytes().rstrip(b"\0")
        path.write_bytes(data[: int(len(data) * share)])

        with empty() as made:
            with pytest.raises(WarehouseError, match="damaged"):
                restore(path)
            assert self.untouched(made)

    def test_a_warehouse_that_holds_something(self, empty: Empty, kept: Path):
        with empty() as made:
            with made.engine.begin() as connection:
                connection.exec_driver_sql("create table public.mine (a integer)")

            with pytest.raises(WarehouseError, match=r"not empty.*public\.mine"):
                restore(kept)

            assert made.ask(RELATIONS) == [("public.mine",)]
            assert not (made.home / "archive").exists()

    @staticmethod
    def rewrite(backup: Path, **facts: object) -> None:
        """Change the manifest as a later version would write it."""
        text = json.dumps({**json.loads((backup / "manifest.json").read_bytes()), **facts}).encode()
        (backup / "manifest.json").write_bytes(text)
        digest = hashlib.sha256(text).hexdigest()
        (backup / "manifest.json.sha256").write_text(f"{digest}  manifest.json\n")

    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            ({"revision": "9999"}, "9999, newer"),
            ({"format": 2}, "format 2"),
            ({"news": 1}, "not one that this version reads"),
        ],
    )
    def test_one_of_a_later_version(
        self, empty: Empty, copy: Path, facts: dict[str, object], said: str
    ):
        self.rewrite(copy, **facts)

        with empty() as made:
            with pytest.raises(WarehouseError, match=said):
                restore(copy)
            assert self.untouched(made)

    def test_what_is_no_backup(self, empty: Empty, tmp_path: Path):
        (tmp_path / "text.tar").write_text("no tar")
        with empty():
            for place in (tmp_path / "text.tar", tmp_path / "none", tmp_path):
                with pytest.raises(WarehouseError, match="backup"):
                    restore(place)

    def test_a_backup_of_nothing(self, empty: Empty, tmp_path: Path):
        with empty(), pytest.raises(WarehouseError, match="nothing to back up"):
            back_up(tmp_path / "kept")
        assert [path.name for path in (tmp_path / "kept").iterdir()] == [".lock"]

    def test_the_home_itself(self, source: tuple[str, Path]):
        """Its archive would be taken for the backup's own, and nothing be copied."""
        with installation(*source) as made:
            for place in (made.home, made.home / "archive", made.home / "archive" / "kept.tar"):
                with pytest.raises(WarehouseError, match="another disk"):
                    back_up(place)
            assert not list(made.home.rglob("manifest.json"))

    def test_a_file_that_is_there_already(self, source: tuple[str, Path], tmp_path: Path):
        (tmp_path / "old.tar").write_text("precious")
        with installation(*source), pytest.raises(WarehouseError, match="exists already"):
            back_up(tmp_path / "old.tar")
        assert (tmp_path / "old.tar").read_text() == "precious"


def test_a_backup_of_an_earlier_revision_is_brought_up_to_date(
    empty: Empty, server: Server, tmp_path: Path
):
    with empty() as made:
        migrate(made.engine, "0007")
        made_backup = back_up(tmp_path / "kept")
        assert made_backup.manifest.revision == "0007"

    with empty() as made:
        restored = restore(tmp_path / "kept")

        assert restored.upgraded == newest_revision()
        with made.engine.connect() as connection:
            assert current_revision(connection) == newest_revision()
        columns = made.ask(SCHEMA)
    fresh = create_engine(url := server.create())
    upgrade(fresh)
    with fresh.connect() as connection:
        assert sorted(map(str, columns)) == sorted(
            str(tuple(row)) for row in connection.exec_driver_sql(SCHEMA)
        )
    fresh.dispose()
    server.drop(url)


class TestDamagedArchive:
    """The archive of an installation has lost one export, and another has changed."""

    @pytest.fixture
    def hurt(
        self, server: Server, prepared: str, tmp_path: Path
    ) -> Iterator[tuple[Installation, str, str]]:
        url = server.create(prepared)
        with installation(url, tmp_path / "hurt") as made:
            made.run("registre", "92", 2011)
            made.run("registre", "92", 2012)
            back_up(tmp_path / "before")
            lost, changed = sorted(made.archived())
            (made.home / "archive" / lost[:2] / lost).unlink()
            path = made.home / "archive" / changed[:2] / changed
            path.write_bytes(bytes(path.stat().st_size))
            yield made, lost, changed
        server.drop(url)

    def test_the_rest_is_backed_up_and_the_loss_told(
        self, hurt: tuple[Installation, str, str], empty: Empty, tmp_path: Path
    ):
        made, lost, changed = hurt
        rows = sorted_dump(made)

        kept = back_up(tmp_path / "after")

        assert set(kept.manifest.lacking) == {lost, changed}
        with empty() as restored:
            restore(tmp_path / "after")
            assert sorted_dump(restored) == rows
            assert [line for line in to_do() if "2 missing" in line]

    @pytest.mark.usefixtures("hurt")
    def test_an_earlier_backup_in_the_folder_makes_up_for_it(self, tmp_path: Path):
        assert back_up(tmp_path / "before").manifest.lacking == ()

    def test_a_backup_gives_it_back(self, hurt: tuple[Installation, str, str], tmp_path: Path):
        _, lost, changed = hurt
        assert len(to_do()) == 2

        mended = restore_archive(tmp_path / "before")

        assert mended.exports == 2
        assert to_do() == []
        for sha256 in (lost, changed):
            assert hashlib.sha256(archive.load(sha256)).hexdigest() == sha256
        assert restore_archive(tmp_path / "before").exports == 0


def test_what_came_in_without_a_row_is_backed_up_too(
    server: Server, prepared: str, tmp_path: Path, empty: Empty
):
    url = server.create(prepared)
    with installation(url, tmp_path / "home"):
        (tmp_path / "export.csv").write_text("arrived; its run died")
        sha256 = archive.store(tmp_path / "export.csv")
        back_up(tmp_path / "kept.tar")
    with tarfile.open(tmp_path / "kept.tar") as tar:
        assert f"archive/{sha256[:2]}/{sha256}" in tar.getnames()
    with empty():
        restore(tmp_path / "kept.tar")
        assert archive.holds(sha256)
    server.drop(url)


def test_roles_and_their_rights_come_along(
    server: Server, other_server: Server, prepared: str, empty: Empty, tmp_path: Path
):
    group, person, owner = own_account(), own_account(), own_account()
    url = server.create(prepared)
    with installation(url, tmp_path / "home") as made:
        with made.engine.begin() as connection:
            for statement in (
                f"create role {group} nologin",
                f"create role {person} login noinherit",
                f"grant {group} to {person}",
                f"grant connect on database {made.engine.url.database} to {group}",
                f"grant usage on schema national to {group}",
                f"grant select on national.unit to {group}",
                f"create role {owner} nologin",
                f"alter table national.unit owner to {owner}",
                "alter table national.unit enable row level security",
                f"create policy own on national.unit to {group} using (territory = '92')",
            ):
                connection.exec_driver_sql(statement)
        back_up(tmp_path / "kept")

    with empty(other_server) as made:
        restored = restore(tmp_path / "kept")

        assert restored.passwordless == (person,)
        assert made.ask(
            "select has_table_privilege(%s, 'national.unit', 'select'), "
            "has_database_privilege(%s, current_database(), 'connect'), "
            "has_table_privilege(%s, 'national.observation', 'select'), "
            "pg_has_role(%s, %s, 'member')",
            group, group, group, person, group,
        ) == [(True, True, False, True)]  # fmt: skip
        assert made.ask(
            "select relname, pg_get_userbyid(relowner)::text from pg_class c "
            "join pg_namespace n on n.oid = relnamespace where nspname = 'national' "
            "and relkind = 'p' order by 1"
        ) == [("imputed", "senacs"), ("observation", "senacs"), ("unit", owner)]
        assert made.ask(
            "select polroles::regrole[]::text[] from pg_policy "
            "where polname = 'own' and polrelid = 'national.unit'::regclass"
        ) == [([group],)]
    server.drop(url)
    for on in (server, other_server):
        for role in (person, group, owner):
            on._do(f"drop role {role}")


RIGHTS = (
    "select 'policy', polrelid::regclass::text, polname, polroles::regrole[]::text, "
    "pg_get_expr(polqual, polrelid) from pg_policy union all "
    "select 'grant', c.oid::regclass::text, c.relname, a.grantee::regrole::text, a.privilege_type "
    "from pg_class c, aclexplode(c.relacl) a where a.grantee::regrole::text ~ '^senacs_' union all "
    "select 'column', t.attrelid::regclass::text, t.attname, a.grantee::regrole::text, "
    "a.privilege_type from pg_attribute t, aclexplode(t.attacl) a "
    "where a.grantee::regrole::text ~ '^senacs_' union all "
    "select 'call', p.oid::regprocedure::text, p.proname, a.grantee::regrole::text, "
    "array_to_string(p.proconfig, ' ') from pg_proc p, aclexplode(p.proacl) a "
    "where a.grantee::regrole::text ~ '^senacs_' union all "
    "select 'no statistics', attrelid::regclass::text, attname, '', '' from pg_attribute "
    "where attstattarget = 0 and attrelid >= 16384 and attnum > 0 order by 1, 2, 3, 4, 5"
)


@pytest.mark.parametrize("as_another", [False, True])
def test_who_may_read_what_comes_along(  # noqa: PLR0917 - two servers
    server: Server, other_server: Server, prepared: str, empty: Empty, tmp_path: Path, as_another
):
    """Also where the one who restores has another name than the one who made the dump."""
    person, keeper = own_account(), own_account()
    url = server.create(prepared)
    with installation(url, tmp_path / "home") as made:
        access.make_login(person, "x", "essai")
        access.give_territories([Holding(person, "92", None, date(2012, 1, 1), None)], "essai")
        rights = made.ask(RIGHTS)
        rows = made.ask("select * from access.holding"), made.ask("select * from access.event")
        back_up(tmp_path / "kept")
    assert len(rights) > 200
    other_server._do(f"create role {keeper} login superuser password 'x'")
    with empty(other_server) as made:
        target = (
            made.engine.url.set(username=keeper, password="x") if as_another else made.engine.url
        )
        shown = target.render_as_string(hide_password=False)
        with installation(shown, tmp_path / "restored") as restored:
            assert restore(tmp_path / "kept").passwordless == (person,)
            assert restored.ask(RIGHTS) == rights
            assert rows == (
                restored.ask("select * from access.holding"),
                restored.ask("select * from access.event"),
            )
            assert restored.ask(
                "select has_database_privilege(%s, current_database(), 'connect'), "
                "has_database_privilege(%s, current_database(), 'temporary'), "
                "pg_has_role(%s, 'senacs_correspondent', 'member')",
                person, person, person,
            ) == [(True, False, True)]  # fmt: skip
            with restored.engine.begin() as connection:
                connection.exec_driver_sql(f"set local session authorization {person}")
                connection.exec_driver_sql("select count(*) from department.answer")
            assert to_do() == []
            with restored.engine.begin() as connection:
                connection.exec_driver_sql("create function query.late() returns int return 1")
                closed = "select has_function_privilege('senacs_public', 'query.late()', 'execute')"
                assert not connection.exec_driver_sql(closed).scalar_one()
    server.drop(url)
    server._do(f"drop role {person}")
    for role in (person, keeper):
        other_server._do(f"drop role {role}")


def killed(what: str, place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killed", what, str(place)],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr


def test_a_killed_backup_leaves_no_backup(source: tuple[str, Path], tmp_path: Path):
    with installation(*source):
        for target in (tmp_path / "kept", tmp_path / "kept.tar"):
            killed("backup", target)
            with pytest.raises(WarehouseError, match="no backup"):
                verify(target)

            made = back_up(target)

            assert verify(target) == made.manifest
    left = {path.name for path in (tmp_path / "kept").iterdir()} | {
        p.name for p in tmp_path.iterdir()
    }
    assert not [name for name in left if "partial" in name]


def test_a_killed_restore_leaves_an_empty_warehouse(
    source: tuple[str, Path], empty: Empty, kept: Path
):
    with installation(*source) as made:
        rows = sorted_dump(made)
    with empty() as made:
        killed("restore", kept)
        # The program that loads outlives its parent by a moment.
        while made.ask(
            "select 1 from pg_stat_activity where application_name <> 'senacs' "
            "and datname = current_database() and pid <> pg_backend_pid()"
        ):
            pass
        assert made.ask(RELATIONS) == []

        restore(kept)

        assert sorted_dump(made) == rows


def test_two_backups_at_once_do_not_meet(source: tuple[str, Path], tmp_path: Path):
    from tasks.upkeep.places import writing  # noqa: PLC0415

    with (
        installation(*source),
        writing(tmp_path / "kept"),
        pytest.raises(WarehouseError, match="under way"),
    ):
        back_up(tmp_path / "kept")

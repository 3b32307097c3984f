"""What may be deleted, and that nothing else is."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from senacs.deliveries import TerritoryYear
from senacs.settings import settings
from tasks.locks import exclusive
from tasks.runs import open_run
from tasks.upkeep.retention import Limits, delete, expired
from tests.support.installation import Installation

LIMITS = Limits()
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def aged(path: Path, days: float) -> Path:
    """Last touched so many days before now, with all that is in it."""
    moment = (NOW - timedelta(days=days)).timestamp()
    for one in (*path.rglob("*"), path):
        os.utime(one, (moment, moment), follow_symlinks=False)
    return path


def made(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def found() -> set[str]:
    home = settings().home
    return {
        one.path.relative_to(home).as_posix()
        for one in expired(settings(), LIMITS, NOW)
        if one.path
    }


def left(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


@pytest.fixture
def home(desk: Installation) -> Path:
    return desk.home


class TestLeftovers:
    def test_what_a_killed_run_left(self, home: Path):
        aged(made(home / "work" / "senacs-92-2012" / "export").parent, 8)
        aged(made(home / "work" / "senacs-93-2012" / "export").parent, 6)
        aged(made(home / "tmp" / "prefect" / "a" / "b").parent.parent, 8)
        aged(made(home / "prefect" / "tmp" / "c"), 8)

        assert found() == {"work/senacs-92-2012", "tmp/prefect", "prefect/tmp/c"}

    def test_one_young_file_keeps_its_folder(self, home: Path):
        folder = aged(made(home / "work" / "senacs-92-2012" / "export").parent, 8)
        young = made(folder / "evidence.parquet")
        aged(young, 1)
        os.utime(folder, ((NOW - timedelta(days=8)).timestamp(),) * 2)

        assert found() == set()

    def test_what_a_run_is_at_stays_however_old(self, home: Path):
        aged(made(home / "work" / "senacs-92-2012" / "export").parent, 800)
        key = TerritoryYear("senacs", "92", 2012)
        with exclusive([key]):
            open_run(key, "0")
            assert found() == set()
        assert found() == {"work/senacs-92-2012"}

    def test_logs_that_were_set_aside(self, home: Path):
        for name, days in (
            ("prefect-server.log.1", 91),
            ("prefect-worker.log.1", 89),
            ("prefect-deploy.log", 800),
        ):
            aged(made(home / "logs" / name), days)
        aged(made(home / "postgres" / "log" / "postgresql.log.1"), 91)

        assert found() == {"logs/prefect-server.log.1", "postgres/log/postgresql.log.1"}

    def test_a_link_is_taken_away_and_what_it_names_stays(self, home: Path, tmp_path: Path):
        precious = made(tmp_path / "elsewhere" / "precious")
        (home / "tmp").mkdir(exist_ok=True)
        (home / "tmp" / "link").symlink_to(precious.parent)
        aged(home / "tmp" / "link", 8)

        gone = delete(settings(), expired(settings(), LIMITS, NOW), LIMITS, NOW)

        assert [one.what for one in gone] == ["tmp/link"]
        assert precious.exists()


def test_the_archive_and_the_warehouse_are_never_touched(desk: Installation, home: Path):
    """Everything in the home is ancient, and only what may go is gone."""
    desk.run_all(("registre", "92", 2012), ("senacs", "92", 2012))
    made(home / "work" / "senacs-92-2012" / "export")
    made(home / "archive" / "ab" / "x.work.arriving")
    made(home / "drop" / "caf92" / "export.csv")
    aged(home, 5000)
    before, rows, exports = left(home), desk.state(), desk.archived()
    runs = desk.ask("select t::text from intake.run t order by 1")
    findings = desk.ask("select t::text from intake.finding t order by 1")

    gone = delete(settings(), expired(settings(), LIMITS, NOW), LIMITS, NOW)

    assert [one.what for one in gone] == ["work/senacs-92-2012"]
    assert before - left(home) == {"work/senacs-92-2012/export"}
    assert desk.state() == rows
    assert desk.archived() == exports
    assert desk.ask("select t::text from intake.run t order by 1") == runs
    assert desk.ask("select t::text from intake.finding t order by 1") == findings


def test_a_dry_run_deletes_nothing(home: Path):
    aged(made(home / "work" / "senacs-92-2012" / "export").parent, 8)
    before = left(home)

    assert found() == {"work/senacs-92-2012"}
    assert left(home) == before


@pytest.mark.usefixtures("home")
def test_a_home_without_anything():
    assert found() == set()

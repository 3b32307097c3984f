"""What the services make of their settings, without starting any."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from senacs.errors import ConfigurationError, ServiceError
from senacs.services import accounts, locks, processes, stack
from senacs.settings import Settings


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2", "POSTGRES"]
)
def test_every_spelling_of_postgresql_becomes_the_one_driver(scheme: str):
    url = stack.normalised(f"{scheme}://user:p%40ss@host:5433/db?sslmode=require")
    assert url == "postgresql+psycopg://user:p%40ss@host:5433/db?sslmode=require"


@pytest.mark.parametrize(
    "url",
    ["mysql://u:topsecret@h/db", "postgresql+asyncpg://u:topsecret@h/db", "u:topsecret@h", ""],
)
def test_other_databases_are_refused_without_repeating_the_password(url: str):
    with pytest.raises(ConfigurationError) as refused:
        stack.normalised(url)
    assert "topsecret" not in str(refused.value)


def test_the_stack_does_not_show_its_password():
    shown = repr(stack.Stack("postgresql+psycopg://senacs:topsecret@127.0.0.1/senacs"))
    assert "topsecret" not in shown


def test_without_a_running_database_there_is_no_url(tmp_path: Path):
    with pytest.raises(ServiceError, match="senacs up"):
        stack.warehouse_url(Settings(home=tmp_path))


def test_an_external_database_needs_no_home(tmp_path: Path):
    home = tmp_path / "home"
    given = Settings(home=home, database_url=SecretStr("postgres://u@h/db"))
    with stack.database(given) as url:
        assert url == "postgresql+psycopg://u@h/db"
    assert not home.exists()


def test_down_and_status_leave_an_untouched_folder_untouched(tmp_path: Path):
    home = tmp_path / "home"
    stack.down(Settings(home=home))
    assert not any(one.running for one in stack.status(Settings(home=home)))
    assert not home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root chooses another account")
@pytest.mark.parametrize("name", ["root", "no-such-account"])
def test_an_account_that_cannot_run_postgresql_is_refused(tmp_path: Path, name: str):
    with pytest.raises(ConfigurationError, match="SENACS_POSTGRES_USER"):
        accounts.service_account(Settings(home=tmp_path, postgres_user=name))


def test_a_pid_with_another_birth_is_not_signalled():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        record = processes.Record(stranger.pid, "a birth long ago")
        assert not record.alive
        processes.send(record, signal.SIGKILL)
        assert stranger.poll() is None
        stranger.kill()


def test_a_record_is_private_and_survives_the_round(tmp_path: Path):
    path = tmp_path / "service.json"
    born = processes.birth(os.getpid())
    assert born is not None
    record = processes.Record(os.getpid(), born, 4200, keep=True, facts={"size": "whole"})
    processes.write_record(path, record)
    assert processes.read_record(path) == record
    assert record.alive
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1, "unknown": 2}'])
def test_a_damaged_record_is_no_record(tmp_path: Path, text: str):
    path = tmp_path / "service.json"
    path.write_text(text)
    assert processes.read_record(path) is None


def test_services_are_unused_only_when_the_last_user_has_left(tmp_path: Path):
    with locks.using(tmp_path):
        with locks.using(tmp_path):
            assert not locks.unused(tmp_path)
        assert not locks.unused(tmp_path)
    assert locks.unused(tmp_path)

"""The embedded PostgreSQL, for real: it starts, keeps what it is given, survives what happens."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from senacs.errors import ServiceError
from senacs.services import launch, stack
from senacs.services.postgres import Postgres
from senacs.settings import PROJECT_ROOT, Settings

AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="needs root: it is about changing the account")

HOLD_DATABASE = """
import signal
import sys
from pathlib import Path

# Whoever runs the tests may ignore signals (nohup, a background job): a child inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

from senacs.services import stack
from senacs.settings import Settings

settings = Settings(home=Path(sys.argv[1]))
with stack.database(settings) as url:
    print(stack.status(settings)[0].pid, url, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a cluster that was made once and stopped."""
    home = tmp_path_factory.mktemp("made") / "home"
    with stack.database(Settings(home=home)):
        pass
    return home


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Iterator[Settings]:
    """A home of its own for each test; copied, because making a cluster takes a second."""
    # pytest's folders are closed to other accounts, so as root this is the hard case.
    given = Settings(home=tmp_path / "home")
    shutil.copytree(made, given.home)
    yield given
    stack.down(given)


@pytest.fixture
def unmade(tmp_path: Path) -> Iterator[Settings]:
    """A home that does not exist yet."""
    given = Settings(home=tmp_path / "home")
    yield given
    stack.down(given)


@contextlib.contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def answer(url: str, statement: str) -> object:
    with connected(url) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def remember(url: str) -> None:
    with connected(url) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('été')")


def server_pid(settings: Settings) -> int:
    pid = stack.status(settings)[0].pid
    assert pid is not None
    return pid


def kill(pid: int) -> None:
    """End a child as nothing can prevent, and wait until it is dead (but not yet reaped)."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def test_what_was_written_is_there_at_the_next_start(settings: Settings):
    with stack.database(settings) as url:
        remember(url)
        assert stack.warehouse_url(settings) == url
    assert not stack.status(settings)[0].running
    with stack.database(settings) as url:
        assert answer(url, "select word from kept") == "été"


def test_the_cluster_is_as_promised(unmade: Settings):
    with stack.database(unmade) as url:
        for name, value in {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "server_encoding": "UTF8",
            "data_checksums": "on",
            "fsync": "on",
            "full_page_writes": "on",
            "password_encryption": "scram-sha-256",
            "TimeZone": "UTC",
        }.items():
            assert answer(url, f"select current_setting('{name}')") == value
        assert answer(url, "select upper('été')") == "ÉTÉ"
        with pytest.raises(psycopg.OperationalError, match="password"):
            answer(url.replace("senacs:", "senacs:wrong", 1), "select 1")


def test_prefects_role_cannot_enter_the_warehouse(unmade: Settings):
    with stack.database(unmade):
        postgres = Postgres.of(unmade)
        record = postgres.running()
        assert record is not None
        assert record.port is not None
        own = postgres.url("prefect", driver="psycopg", port=record.port)
        assert answer(own, "select current_database()") == "prefect"
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            answer(own.removesuffix("prefect") + "senacs", "select 1")


def test_a_killed_server_comes_back_with_what_was_committed(settings: Settings):
    with stack.database(settings) as url:
        remember(url)
        kill(server_pid(settings))
        with stack.database(settings) as again:
            assert answer(again, "select word from kept") == "été"


def test_a_killed_server_that_still_has_a_session_comes_back(settings: Settings):
    with stack.database(settings) as url, connected(url) as session:
        remember(url)
        kill(server_pid(settings))
        with stack.database(settings) as again:
            assert answer(again, "select word from kept") == "été"
        with pytest.raises(psycopg.OperationalError):
            session.execute("select 1")


def test_down_after_a_crash_leaves_nothing(settings: Settings):
    with stack.database(settings):
        kill(server_pid(settings))
        stack.down(settings)
        assert not stack.status(settings)[0].running
        stack.down(settings)


def test_a_taken_port_is_given_up_for_another(settings: Settings):
    with stack.database(settings) as url:
        remember(url)
    port = int(url.rpartition(":")[2].partition("/")[0])
    with socket.create_server(("127.0.0.1", port)), stack.database(settings) as other:
        assert f":{port}/" not in other
        assert answer(other, "select word from kept") == "été"


def test_a_port_taken_in_the_last_moment_is_noticed(settings: Settings):
    with stack.database(settings):
        pass
    with socket.create_server(("127.0.0.1", 0)) as thief:
        assert Postgres.of(settings)._start(thief.getsockname()[1]) is None


def test_a_foreign_process_with_the_recorded_pid_is_neither_believed_nor_harmed(
    settings: Settings,
):
    postgres = Postgres.of(settings)
    with stack.database(settings) as url:
        remember(url)
        told = (postgres.layout.cluster / "postmaster.pid").read_text().splitlines()
    # Of the same account: only of such a process would PostgreSQL itself believe the pid.
    sleeping = postgres.account.command([shutil.which("sleep") or "/bin/sleep", "600"], [])
    with subprocess.Popen(sleeping) as stranger:
        left = postgres.layout.cluster / "postmaster.pid"
        left.write_text("\n".join([str(stranger.pid), *told[1:]]) + "\n")
        os.chown(left, postgres.account.uid, postgres.account.gid)
        assert not stack.status(settings)[0].running
        with stack.database(settings) as again:
            assert answer(again, "select word from kept") == "été"
        stack.down(settings)
        assert stranger.poll() is None
        stranger.kill()


def test_a_lost_state_file_does_not_hide_a_running_server(settings: Settings):
    with stack.database(settings) as url:
        pid = server_pid(settings)
        for file in (settings.home / "run").glob("*.json"):
            file.unlink()
        assert server_pid(settings) == pid
        with stack.database(settings) as same:
            assert same == url


def test_a_start_that_was_cut_off_is_made_again(unmade: Settings):
    rest = unmade.home / "postgres" / "data.new"
    rest.mkdir(parents=True)
    (rest / "PG_VERSION").write_text("18\n")
    with stack.database(unmade) as url:
        assert answer(url, "select 1") == 1
    assert not rest.exists()


def test_the_cluster_of_another_major_version_is_refused_with_the_way_out(settings: Settings):
    with stack.database(settings):
        pass
    version = settings.home / "postgres" / "data" / "PG_VERSION"
    version.write_text("15\n")
    with (
        pytest.raises(ServiceError, match=r"made by PostgreSQL 15.*pg_dumpall"),
        stack.database(settings),
    ):
        pass


def test_commands_that_start_at_once_share_one_server_until_the_last_leaves(unmade: Settings):
    with contextlib.ExitStack() as commands:
        started = [commands.enter_context(holding(unmade)) for _ in range(3)]
        told = {one.stdout.readline() for one in started if one.stdout}
        assert len(told) == 1
        url = told.pop().split()[1]
        for one in started[:2]:
            one.communicate("\n")
            assert one.returncode == 0
        assert answer(url, "select 1") == 1
        started[2].communicate("\n")
    assert not stack.status(unmade)[0].running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_command_that_is_told_to_end_stops_what_it_started(
    settings: Settings, number: signal.Signals
):
    with holding(settings) as command:
        assert command.stdout is not None
        command.stdout.readline()
        command.send_signal(number)
        command.wait()
        assert not stack.status(settings)[0].running


def test_what_a_killed_command_left_is_used_and_then_stopped(settings: Settings):
    with holding(settings) as command:
        assert command.stdout is not None
        pid = int(command.stdout.readline().split()[0])
        command.kill()
    assert server_pid(settings) == pid
    with stack.database(settings):
        assert server_pid(settings) == pid
    assert not stack.status(settings)[0].running


@contextlib.contextmanager
def holding(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """A command of its own that uses the database until it is sent a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_DATABASE, str(settings.home)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as command:
        try:
            yield command
        finally:
            command.kill()


def test_an_external_database_is_used_as_it_is(settings: Settings, tmp_path: Path):
    with stack.database(settings) as url:
        with connected(url) as connection:
            connection.execute("create database elsewhere")
        given = url.replace("+psycopg", "").removesuffix("senacs") + "elsewhere"
        elsewhere = Settings(home=tmp_path / "other", database_url=SecretStr(given))
        with stack.database(elsewhere) as external:
            assert answer(external, "select current_database()") == "elsewhere"
        assert answer(url, "select 1") == 1
    assert not (tmp_path / "other").exists()


def test_no_folder_above_the_home_is_opened(unmade: Settings):
    def modes() -> list[tuple[Path, int, int]]:
        above = [(folder, folder.stat()) for folder in unmade.home.parents]
        return [(folder, found.st_mode, found.st_uid) for folder, found in above]

    before, children = modes(), set(unmade.home.parent.iterdir())
    with stack.database(unmade):
        pass
    assert modes() == before
    assert set(unmade.home.parent.iterdir()) - children == {unmade.home}
    private = [
        path.name
        for path in unmade.home.iterdir()
        if stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    ]
    assert sorted(private) == ["logs", "postgres", "prefect", "run"]


@only_root
def test_as_root_in_an_open_folder_the_server_has_no_capability():
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings = Settings(home=folder / "home")
        with stack.database(settings):
            assert capabilities(server_pid(settings)) in closed_binaries_or_nothing()


@only_root
def test_as_root_in_a_closed_folder_the_server_may_pass_and_no_more(unmade: Settings):
    closed = unmade.home.parent
    closed.chmod(0o700)
    with stack.database(unmade) as url:
        assert answer(url, "select 1") == 1
        pid = server_pid(unmade)
        assert Path(f"/proc/{pid}").stat().st_uid == Postgres.of(unmade).account.uid
        assert capabilities(pid).bit_count() == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def closed_binaries_or_nothing() -> set[int]:
    """No capability; or the one, where the checkout with its binaries is closed itself."""
    closed = any(not folder.stat().st_mode & 0o001 for folder in Path(sys.prefix).parents)
    return {1 << 2, 1 << 1} if closed else {0}


def capabilities(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("CapEff:")).split()[1], 16)


@only_root
@pytest.mark.parametrize(
    ("option", "refused"),
    [
        ("--drop=cap_dac_read_search", None),
        # SECBIT_NO_CAP_AMBIENT_RAISE: no capability can be handed on.
        ("--secbits=0x40", "cannot pass the folder"),
        ("--drop=cap_setuid", "cannot become account"),
        ("--drop=cap_dac_read_search,cap_dac_override", "capabilities"),
    ],
)
def test_a_root_with_fewer_rights(settings: Settings, option: str, refused: str | None):
    """A container's root: with CAP_DAC_OVERRIDE alone it works; where it cannot, it says so."""
    capsh = shutil.which("capsh")
    if capsh is None:
        pytest.skip("capsh is not installed: rights cannot be taken away")
    command = [sys.executable, "-c", HOLD_DATABASE, str(settings.home)]
    done = subprocess.run(
        [capsh, option, "--", "-c", 'exec "$@"', "-", *command],
        cwd=PROJECT_ROOT,
        input="\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if refused is None:
        assert done.returncode == 0, done.stderr
    else:
        assert "senacs.errors.ServiceError" in done.stderr
        assert refused in done.stderr.splitlines()[-1]


@only_root
def test_a_home_that_was_restored_as_root_is_given_back(settings: Settings):
    with stack.database(settings) as url:
        remember(url)
    top = settings.home / "postgres"
    for path in (top, *top.rglob("*")):
        os.chown(path, 0, 0)
    with stack.database(settings) as url:
        assert answer(url, "select word from kept") == "été"


@only_root
def test_as_an_ordinary_user(tmp_path: Path):
    user = pwd.getpwnam("nobody")
    home = tmp_path / "theirs"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    script = Path(launch.__file__)
    # The interpreter may lie in a closed folder, hence the launcher, which lets the user pass.
    command = [sys.executable, "-I", "-S", str(script), str(user.pw_uid), str(user.pw_gid)]
    command += [sys.executable, str(home), "--", sys.executable, "-c", HOLD_DATABASE, str(home)]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, input="\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    owners = {path.stat().st_uid for path in (home, *home.rglob("*"))}
    assert owners == {user.pw_uid}

"""Database, Prefect server and worker together, for real."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from senacs.errors import ServiceError
from senacs.services import prefect_env, stack
from senacs.services.layout import Layout
from senacs.services.prefect_rest import PrefectRest
from senacs.services.prefect_server import PrefectServer
from senacs.settings import PROJECT_ROOT, Settings

RUN_A_FLOW = """
import sys
from pathlib import Path
from senacs.services import stack
from senacs.settings import Settings

settings = Settings(home=Path(sys.argv[1]), prefect_port=int(sys.argv[2]))
with stack.booting(settings) as boot:
    from prefect import flow, task

    @task
    def double(number):
        return 2 * number

    @flow
    def doubled(number):
        return double(number)

    boot.wait_ready()
    pids = [one.pid for one in stack.status(settings) if one.running]
    print(doubled(21), boot.stack.prefect_api_url, *pids, flush=True)
    sys.stdin.readline()
"""

FLOW = """
from prefect import flow

@flow
def nothing():
    pass
"""

DEPLOYMENTS = """
name: test
deployments:
  - name: now-and-then
    entrypoint: flow.py:nothing
    work_pool: {name: senacs}
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One home for all: Prefect makes its tables at the first start only."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    given = Settings(home=tmp_path_factory.mktemp("stack") / "home", prefect_port=port)
    yield given
    stack.down(given)


def ask(settings: Settings, api_url: str, path: str) -> object:
    server = PrefectRest(api_url, prefect_env.auth_string(Layout.of(settings.home)))
    return server.ask("POST", path, {})


def kill(pid: int) -> None:
    """End a child as nothing can prevent, and wait until it is dead (but not yet reaped)."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def test_a_flow_runs_while_its_services_last(settings: Settings):
    with (
        socket.create_server(("127.0.0.1", settings.prefect_port)),
        subprocess.Popen(
            [sys.executable, "-c", RUN_A_FLOW, str(settings.home), str(settings.prefect_port)],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PREFECT_LOGGING_LEVEL": "WARNING"},
        ) as command,
    ):
        try:
            assert command.stdout is not None
            answer, api, *pids = command.stdout.readline().split()
            assert answer == "42"
            assert f":{settings.prefect_port}/" not in api
            runs = ask(settings, api, "/flow_runs/filter")
            assert isinstance(runs, list)
            assert [run["state_type"] for run in runs] == ["COMPLETED"]
            assert len(pids) == 2
            command.send_signal(signal.SIGTERM)
            _, said = command.communicate()
        finally:
            command.kill()
    assert command.returncode == 128 + signal.SIGTERM
    assert said == ""
    assert not any(one.running for one in stack.status(settings))
    listening = {one.pid for one in psutil.process_iter() if one.status() != psutil.STATUS_ZOMBIE}
    assert not {int(pid) for pid in pids} & listening


def test_up_stays_serves_others_and_goes_down_after_any_crash(settings: Settings, tmp_path: Path):
    (tmp_path / "flow.py").write_text(FLOW)
    (tmp_path / "prefect.yaml").write_text(DEPLOYMENTS)
    done: list[str] = []
    started = stack.up(settings, done.append, project=tmp_path)
    before = {one.name: one.pid for one in stack.status(settings)}
    assert all(one.running for one in stack.status(settings))
    assert started.prefect_ui_url is not None
    deployed = ask(settings, started.prefect_api_url, "/deployments/filter")
    assert isinstance(deployed, list)
    assert [one["name"] for one in deployed] == ["now-and-then"]
    with pytest.raises(ServiceError, match="401"):
        PrefectRest(started.prefect_api_url).ask("POST", "/flow_runs/filter", {})
    password = Layout.of(settings.home).prefect_password
    assert password.stat().st_mode & 0o777 == 0o600
    with urllib.request.urlopen(started.prefect_ui_url) as page:  # noqa: S310 - our own server
        assert b"<html" in page.read()

    # Up again changes nothing.
    assert stack.up(settings, done.append, project=tmp_path) == started
    assert {one.name: one.pid for one in stack.status(settings)} == before

    # A command uses what is up, and leaves it up.
    with stack.running(settings) as used:
        assert used == started
        assert os.environ["PREFECT_API_URL"] == started.prefect_api_url
    assert "PREFECT_API_URL" not in os.environ
    assert all(one.running for one in stack.status(settings))

    for pid in before.values():
        assert pid is not None
        kill(pid)
    stack.down(settings, done.append)
    stack.down(settings, done.append)
    assert not any(one.running for one in stack.status(settings))


def test_a_server_that_dies_while_it_boots_says_why(settings: Settings):
    server = PrefectServer(Layout.of(settings.home))
    with socket.create_server(("127.0.0.1", 0)) as found:
        closed = found.getsockname()[1]
    record = server.start(
        database_url=f"postgresql+asyncpg://prefect:x@127.0.0.1:{closed}/prefect",
        database_port=closed,
        preferred_port=settings.prefect_port,
        progress=lambda _message: None,
        whole=False,
    )
    with pytest.raises(ServiceError, match=r"(?s)prefect-server\.log.*Connect call failed"):
        server.wait_ready(record)
    assert server.running() is None

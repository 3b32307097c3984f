"""Doctor and retention where `senacs up` runs: Prefect's server, worker, deployments, old runs."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from senacs.services import prefect_env
from senacs.services.layout import Layout
from senacs.services.postgres import PREFECT, Postgres
from senacs.services.prefect_server import PrefectServer
from senacs.services.worker import Worker
from senacs.settings import PROJECT_ROOT, Settings


class Stack:
    """An installation on which `senacs up` was run, by its commands."""

    def __init__(self, home: Path, port: int):
        self.layout = Layout.of(home)
        self._settings = Settings(home=home)
        given = {name: value for name, value in os.environ.items() if "SENACS_" not in name}
        self._environment = {**given, "SENACS_HOME": str(home), "SENACS_PREFECT_PORT": str(port)}

    def senacs(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from senacs.cli import main; main()", *arguments],
            env=self._environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def doctor(self) -> dict[str, tuple[str, str]]:
        """State and finding of each part, the worst where it has several."""
        told = self.senacs("doctor", "--json")
        said = json.loads(told.stdout)
        assert told.returncode == (0 if said["well"] else 1)
        order = ["holds", "note", "todo"]
        ranked = sorted(said["checks"], key=lambda check: order.index(check["state"]))
        return {check["name"]: (check["state"], check["says"]) for check in ranked}

    def age(self, run: str, ended: datetime) -> None:
        """Let a flow run have ended then: its server takes no such past from a client."""
        postgres = Postgres.of(self._settings)
        record = postgres.running()
        assert record is not None
        assert record.port is not None
        url = postgres.url(PREFECT, driver="psycopg", port=record.port)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(
                "update flow_run set end_time = %s where id = %s and end_time is not null",
                (ended, run),
            )

    def ask(self, method: str, path: str, body: object = None) -> Any:
        record = PrefectServer(self.layout).running()
        assert record is not None
        assert record.port is not None
        return prefect_env.rest(self.layout, record.port).ask(method, path, body)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    made = Stack(tmp_path_factory.mktemp("up") / "home", port)
    started = made.senacs("up")
    try:
        assert started.returncode == 0, started.stderr
        yield made
    finally:
        made.senacs("down")


def test_all_is_well_after_up(stack: Stack):
    said = stack.doctor()

    assert [name for name, (state, _) in said.items() if state == "todo"] == []
    for name in ("prefect", "worker", "deployments"):
        assert said[name][0] == "holds"


def test_the_check_up_runs_as_a_deployment(stack: Stack):
    """Started as a schedule would, by the worker, and waited for through Prefect."""
    (deployment,) = stack.ask(
        "POST", "/deployments/filter", {"deployments": {"name": {"any_": ["check-up"]}}}
    )
    assert deployment["parameters"] == {"delete": False}
    (schedule,) = deployment["schedules"]
    assert (schedule["active"], schedule["schedule"]["timezone"]) == (True, "Europe/Paris")

    run = stack.ask("POST", f"/deployments/{deployment['id']}/create_flow_run", {})
    while (now := stack.ask("GET", f"/flow_runs/{run['id']}"))["state_type"] not in (
        "COMPLETED", "FAILED", "CRASHED", "CANCELLED",
    ):  # fmt: skip
        pass

    assert (now["state_name"], now["state_type"]) == ("Well", "COMPLETED"), now["state"]


def test_old_flow_runs_are_deleted_through_the_api(stack: Stack):
    """Sixty that ended long ago (more than one request takes), one that ended not so long ago."""
    flow = stack.ask("POST", "/flows/", {"name": "ancient"})
    now = datetime.now(UTC)

    def ended(days: int, kind: str) -> str:
        body = {"flow_id": flow["id"], "state": {"type": kind}}
        run = str(stack.ask("POST", "/flow_runs/", body)["id"])
        stack.age(run, now - timedelta(days=days))
        return run

    old = {ended(500, "COMPLETED") for _ in range(60)}
    kept = {ended(300, "COMPLETED"), ended(500, "PENDING")}

    def there() -> set[str]:
        body = {"flows": {"id": {"any_": [flow["id"]]}}, "limit": 200}
        return {str(run["id"]) for run in stack.ask("POST", "/flow_runs/filter", body)}

    assert there() == old | kept

    dry = stack.senacs("upkeep")
    assert dry.stdout.startswith("may go: 60 Prefect's flow runs (ended 400+ days ago)")
    assert there() == old | kept

    done = stack.senacs("upkeep", "--delete")
    assert done.stdout.startswith("deleted: 60 Prefect's flow runs")
    assert there() == kept
    assert stack.senacs("upkeep").stdout == "nothing has had its time\n"


def test_a_paused_and_a_lost_deployment_are_told(stack: Stack):
    found = {
        one["name"]: one["id"] for one in stack.ask("POST", "/deployments/filter", {"limit": 200})
    }
    stack.ask("POST", f"/deployments/{found['scheduled-collection']}/pause_deployment")
    assert stack.doctor()["deployments"] == ("todo", "paused: scheduled-collection")

    stack.ask("DELETE", f"/deployments/{found['scheduled-collection']}")
    stack.ask("DELETE", f"/deployments/{found['publish']}")
    said = "not deployed: scheduled-collection, publish"
    assert stack.doctor()["deployments"] == ("todo", said)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_a_dead_worker_and_then_a_dead_server_are_told_and_up_mends_both(stack: Stack):
    worker = Worker(stack.layout).running()
    assert worker is not None
    kill(worker.pid)
    while worker.alive:
        pass
    assert stack.doctor()["worker"][0] == "todo"

    server = PrefectServer(stack.layout).running()
    assert server is not None
    kill(server.pid)
    while server.alive:
        pass
    assert stack.doctor()["prefect"] == (
        "todo",
        "`senacs up` started it and it does not run any more",
    )

    assert stack.senacs("up").returncode == 0
    assert [name for name, (state, _) in stack.doctor().items() if state == "todo"] == []

    assert stack.senacs("down").returncode == 0
    assert stack.doctor()["prefect"][0] == "note"

"""What keeps the collection going, on the whole stack: dead processes, upgrades, automations."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psutil
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolUpdate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments import run_deployment
from prefect.states import Crashed
from typer.testing import CliRunner

from flows.watch import watch
from senacs.cli.main import app
from senacs.deliveries import TerritoryYear
from senacs.demo_supplier import serving
from senacs.errors import ConfigurationError
from senacs.services import prefect_client, prefect_env, stack
from senacs.services.deploying import apply_automations
from senacs.services.layout import Layout
from senacs.services.worker import Worker
from senacs.settings import PROJECT_ROOT, Settings, settings
from senacs.warehouse import engine
from tasks.crashed import DONE_AGAIN, begin_crashed_flows_again, crashed_territories
from tasks.locks import exclusive
from tasks.pool import TRIES
from tasks.prepare import prepare
from tests.support.installation import SUPPLIER, plain, settings_in_environment
from tests.support.watching import unwatched

KEY = TerritoryYear("registre", "92", 2012)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """What `senacs up` starts; the port of its Prefect server."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    home = tmp_path_factory.mktemp("watch") / "home"
    with (
        serving(SUPPLIER) as address,
        settings_in_environment(home=home, supplier_url=address),
    ):
        own = Settings(home=home, supplier_url=address, database_url=None, prefect_port=port)
        try:
            stack.up(own)
            unwatched(port)
            with prefect_client.directed(prefect_env.client(Layout.of(home), port)):
                prepare.fn("registre")
                yield port
        finally:
            engine.warehouse().dispose()
            engine.warehouse_as_owner().dispose()
            engine._engine.cache_clear()
            stack.down(own)


def told(query: str, *parameters: object) -> list[tuple[object, ...]]:
    with engine.warehouse_as_owner().begin() as connection:
        result = connection.exec_driver_sql(query, parameters or None)
        return [tuple(row) for row in result] if result.returns_rows else []


def kinds() -> list[str]:
    return [str(kind) for (kind,) in told("select kind from notice.message order by message_no")]


def watched(now: datetime | None = None) -> None:
    plain(watch)(now or datetime.now(UTC))


@pytest.fixture
def fresh(up: int) -> int:
    """The same with no run and no notice."""
    told("truncate intake.run cascade")
    told("truncate notice.message cascade")
    return up


def died_in(key: TerritoryYear) -> None:
    """A run as a killed process leaves it."""
    told(
        "insert into intake.run (run_id, collection, data_year, territory, flow_run, "
        "codebook_version, started_at) values (%s, %s, %s, %s, 'lost', '', clock_timestamp())",
        uuid4(),
        key.collection,
        key.data_year,
        key.territory,
    )


@pytest.mark.usefixtures("fresh")
class TestDeadRuns:
    def test_one_that_is_alive_is_left_alone(self):
        died_in(KEY)
        with exclusive([KEY]):
            assert crashed_territories.fn() == []
        assert crashed_territories.fn() == [[KEY]]

    def test_it_is_done_again_and_told_once(self):
        died_in(KEY)

        watched()
        watched()

        assert told("select outcome, abandoned from intake.run order by started_at") == [
            ("failed", True),
            ("loaded", False),
        ]
        assert kinds() == ["worker-died"]

    def test_what_dies_each_time_is_given_up_and_told(self):
        for number in range(TRIES):
            told("update intake.run set outcome = 'failed', abandoned = true, finished_at = now()")
            died_in(KEY)
            assert crashed_territories.fn() == ([] if number == TRIES - 1 else [[KEY]])

        assert kinds() == ["worker-died", "given-up"]
        assert told("select count(*) from intake.run where outcome = 'running'") == [(0,)]
        watched()
        assert told("select count(*) from intake.run") == [(TRIES,)]


class TestDeadFlows:
    @pytest.mark.usefixtures("fresh")
    def test_it_is_begun_again_once_and_given_up_in_the_end(self):
        now, given = datetime.now(UTC), {"collection": "registre", "data_year": 2012}
        with get_client(sync_client=True) as client:
            deployment = client.read_deployment_by_name("campaign/run-campaign")
            # No worker is to take up what these begin.
            client.update_work_pool("senacs", WorkPoolUpdate(is_paused=True))
            crashed = client.create_flow_run_from_deployment(
                deployment.id, parameters=given, state=Crashed()
            )
            seen = []
            for _ in range(TRIES):
                begin_crashed_flows_again.fn(now)
                begin_crashed_flows_again.fn(now)
                begun = client.read_flow_runs(flow_run_filter=scheduled(deployment.id))
                seen.append([run.parameters for run in begun])
                for run in begun:
                    client.set_flow_run_state(run.id, Crashed(), force=True)
            client.update_work_pool("senacs", WorkPoolUpdate(is_paused=False))

        assert DONE_AGAIN in crashed.tags
        assert seen == [[given]] * (TRIES - 1) + [[]]
        assert kinds() == ["flow-given-up"]


def scheduled(deployment: UUID) -> FlowRunFilter:
    """Runs of a deployment that are still to come."""
    return FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
    )


@pytest.mark.usefixtures("fresh")
def test_a_worker_that_is_killed_midway_costs_nothing():
    """SIGKILL to the process of the run, while it holds its territory's lock."""
    key = TerritoryYear("registre", "92", 2011)
    run = run_deployment(
        "rerun/rerun-territory", parameters={**vars(key)}, timeout=0, as_subflow=False
    )
    assert isinstance(run, FlowRun)
    with exclusive([key]):
        # It waits for the lock: from there it is killed with its run begun or not, never after.
        victim = _process_of(run.id)
    while not told("select from intake.run where outcome = 'running'"):
        assert victim.is_running()
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    while not crashed_territories.fn():
        assert told("select from intake.run where outcome = 'running'")

    watched()

    outcomes = told("select outcome, abandoned from intake.run order by started_at")
    assert outcomes == [("failed", True), ("loaded", False)]
    assert "worker-died" in kinds()


def _process_of(flow_run: UUID) -> psutil.Process:
    """The process that the worker has started for a run, once it is there."""
    latest = time.monotonic() + 120
    while time.monotonic() < latest:
        for process in psutil.process_iter():
            try:
                if process.environ().get("PREFECT__FLOW_RUN_ID") == str(flow_run):
                    return process
            except psutil.Error:
                continue
    raise AssertionError("the worker has started nothing")


class TestUpgrade:
    def test_it_neither_wakes_what_is_paused_nor_doubles_runs(self, fresh: int):
        own = settings()
        with get_client(sync_client=True) as client:
            deployment = client.read_deployment_by_name("collection-round/scheduled-collection")
            (schedule,) = deployment.schedules
            client.update_deployment_schedule(deployment.id, schedule.id, active=False)
            assert client.read_deployment_by_name("watch/watch").paused

            Worker(Layout.of(own.home)).deploy(own, PROJECT_ROOT, fresh)

            after = client.read_deployment_by_name("collection-round/scheduled-collection")
            assert [(one.slug, one.active) for one in after.schedules] == [("daily", False)]
            assert after.id == deployment.id
            still = client.read_deployment_by_name("watch/watch")
            assert still.paused
            assert [(one.slug, one.active) for one in still.schedules] == [("ten-minutes", True)]
            named = client.read_deployments(
                deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=["watch"]))
            )
            assert len(named) == 1
            planned = client.read_flow_runs(flow_run_filter=scheduled(still.id), limit=200)
            moments = [run.expected_start_time for run in planned]
            assert len(moments) == len(set(moments))

    @pytest.mark.usefixtures("fresh")
    def test_the_command_does_it_on_a_server_of_yours(self, monkeypatch: pytest.MonkeyPatch):
        ended = CliRunner().invoke(app, ["deploy", "--only", "watch"])

        assert ended.exit_code == 0, ended.output + repr(ended.exception)
        assert "automation senacs-dead-processes" in ended.output
        with get_client(sync_client=True) as client:
            assert client.read_deployment_by_name("watch/watch").paused
        monkeypatch.delenv("PREFECT_API_URL")
        refused = CliRunner().invoke(app, ["deploy"])
        assert isinstance(refused.exception, ConfigurationError)

    def test_an_automation_is_there_once_and_one_that_is_off_stays_off(self, fresh: int):
        server = prefect_env.rest(Layout.of(settings().home), fresh)

        def there() -> list[dict]:
            return server.ask("POST", "/automations/filter", {})

        (made,) = there()
        assert made["name"] == "senacs-dead-processes"
        server.ask("PATCH", f"/automations/{made['id']}", {"enabled": False})

        assert apply_automations(server, PROJECT_ROOT) == [made["name"]]

        (after,) = there()
        assert (after["id"], after["enabled"]) == (made["id"], False)
        assert after["trigger"]["within"] == 120


@pytest.mark.parametrize("kind", ["process", "docker", "kubernetes"])
def test_prefect_takes_our_job_templates(up: int, kind: str):
    template = PROJECT_ROOT / "deploy" / kind / "base-job-template.json"
    made = prefect_env.rest(Layout.of(settings().home), up).ask(
        "POST",
        "/work_pools/",
        {
            "name": f"test-{kind}",
            "type": kind,
            "base_job_template": json.loads(template.read_text("utf-8")),
        },
    )
    assert made["type"] == kind


@pytest.mark.usefixtures("up")
def test_the_worker_sends_heartbeats_often_enough():
    """The automation waits two minutes for them."""
    record = Worker(Layout.of(settings().home)).running()
    assert record is not None
    assert psutil.Process(record.pid).environ()["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == "30"

"""Years of a simulated world backfilled by threads, by Dask and by a work pool: one state."""

import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.flows import Flow
from rich.console import Console

from flows import territory
from flows.backfill import backfill
from senacs.cli.following import following
from senacs.deliveries import Outcome, RunOutcome
from senacs.errors import ConfigurationError
from senacs.services.stack import running
from senacs.settings import PROJECT_ROOT, Settings, settings
from senacs.simulation.campaign.world import World, simulate
from tasks import pool
from tests.support import dumps
from tests.support.holders import killing_one
from tests.support.installation import Installation, installation
from tests.support.victims import Victim

YEARS = (2018, 2019)
CODES = ("48", "90", "23", "09")
CAMPAIGNS = {(name, year): len(CODES) for year in YEARS for name in ("registre", "senacs")}
ASKED = (["senacs"], *YEARS)
POOL = "backfilled"
WORKERS = 2


@pytest.fixture(scope="module", autouse=True)
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Prefect server for all tests here, on the product's own services."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    home = tmp_path_factory.mktemp("prefect") / "home"
    with running(Settings(home=home, database_url=None, prefect_port=port)):
        yield


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two simulated years of four territories, one of which sends what nobody can read."""
    out = tmp_path_factory.mktemp("world") / "made"
    made = World(7, YEARS, {code: (code,) for code in CODES}, 0.004)
    list(simulate(made, out, PROJECT_ROOT / "codebook"))
    (spoilt,) = (out / "exports" / "senacs").glob("senacs_23_2018.*")
    spoilt.write_bytes(b"<!DOCTYPE html><html><head><title>Maintenance</title></head></html>")
    return out


@pytest.fixture(scope="module")
def desk_at(server, prepared, world):
    """Makes an installation in a folder, with settings, on which nothing is loaded."""

    @contextmanager
    def made(home: Path, **given: object) -> Iterator[Installation]:
        url = server.create(prepared)
        own = {
            "codebook": world / "codebook",
            "drop_folder": world / "exports",
            "replies": world / "none",
            "batch_size": 2,
        }
        with installation(url, home, **own | given) as desk:
            yield desk
        server.drop(url)

    return made


@dataclass(frozen=True)
class Whole:
    """A warehouse after a backfill that nothing disturbed."""

    dump: dumps.Dump
    archived: dict[str, bytes]
    outcomes: list[RunOutcome]
    shown: str


@pytest.fixture(scope="module")
def whole(desk_at, tmp_path_factory) -> Whole:
    """By threads of this process."""
    with desk_at(tmp_path_factory.mktemp("whole")) as desk:
        console = Console(file=io.StringIO(), width=120)
        with following(console, CAMPAIGNS):
            outcomes = backfill(*ASKED)
        return Whole(dumps.dump(desk.engine), desk.archived(), outcomes, console.file.getvalue())


@pytest.fixture
def nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No territory goes along the road in this process."""

    def never(_keys: object) -> None:
        raise AssertionError("a batch runs in this process")

    monkeypatch.setattr(territory, "exclusive", never)


def assert_same(desk: Installation, whole: Whole, outcomes: list[RunOutcome]) -> None:
    assert [one.key for one in outcomes] == [one.key for one in whole.outcomes]
    assert dumps.difference(dumps.dump(desk.engine), whole.dump) == []
    assert dumps.unclean(desk.engine) == []
    assert desk.archived() == whole.archived
    assert list((desk.home / "work").iterdir()) == []


def test_one_that_is_refused_stops_neither_the_others_nor_later_years(whole):
    refused = [str(one.key) for one in whole.outcomes if one.outcome is not Outcome.LOADED]
    assert refused == ["senacs/23/2018"]
    assert [one.key.data_year for one in whole.outcomes] == sorted(
        year for year in YEARS for _ in range(2 * len(CODES))
    )
    assert [one.key.collection for one in whole.outcomes[: 2 * len(CODES)]] == [
        *["registre"] * len(CODES),
        *["senacs"] * len(CODES),
    ]


def test_a_line_is_shown_for_each_campaign_that_is_done(whole):
    lines = [line.rpartition(" in ")[0] for line in whole.shown.splitlines()]
    assert lines == [
        "registre 2018: 4 loaded",
        "senacs 2018: 3 loaded, 1 refused",
        "registre 2019: 4 loaded",
        "senacs 2019: 4 loaded",
    ]


@pytest.mark.usefixtures("nothing_here")
def test_dask_gives_the_same_though_a_worker_process_is_killed(desk_at, whole, tmp_path):
    given = {"runner": "dask", "runner_workers": WORKERS}
    with desk_at(tmp_path, **given) as desk:
        with killing_one(desk) as killed:
            outcomes = backfill(*ASKED)
        assert killed
        assert_same(desk, whole, outcomes)


def test_a_work_pool_gives_the_same_though_one_of_two_workers_is_killed(
    desk_at, whole, tmp_path, request, monkeypatch
):
    """The first year by threads, the second by the pool: each of its batches starts a Python."""
    first, second = YEARS
    with desk_at(tmp_path) as desk:
        outcomes = backfill(["senacs"], first, first)
        monkeypatch.setenv("SENACS_RUNNER", "pool")
        settings.cache_clear()
        monkeypatch.setattr(pool, "LOCKLESS_PATIENCE", 10.0)
        request.getfixturevalue("nothing_here")
        with pytest.raises(ConfigurationError, match="prefect deploy"):
            backfill(["senacs"], second, second)
        deploy()
        with at_work(tmp_path) as workers, killing_one(desk, workers) as killed:
            outcomes += backfill(["senacs"], second, second)
        assert {worker.pid for worker in workers} & set(killed)
        assert_same(desk, whole, outcomes)
        # Why it took longer is said: the batch that the dead worker had was begun again.
        assert max(one.tries for one in outcomes) > 1
        assert [one.outcome for one in outcomes] == [one.outcome for one in whole.outcomes]


def deploy() -> None:
    """The deployment of `prefect.yaml` on a pool of this test's."""
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    found = flow.from_source(str(PROJECT_ROOT), "flows/batch.py:batch")
    assert isinstance(found, Flow)
    found.deploy(name="run-batch", work_pool_name=POOL, print_next_steps=False)


@contextmanager
def at_work(folder: Path) -> Iterator[list[psutil.Process]]:
    """Real workers of the pool, one run at a time each, in the environment of this process."""
    line = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--limit", "1"]
    environment = {**os.environ, "PREFECT_WORKER_QUERY_SECONDS": "0.5"}
    with ExitStack() as ends:
        started = []
        for number in range(WORKERS):
            log = ends.enter_context((folder / f"worker-{number}").open("wb"))
            process = subprocess.Popen(
                [*line, "--name", f"w{number}"], env=environment, stdout=log, stderr=log
            )
            ends.callback(process.wait)
            ends.callback(process.kill)
            started.append(psutil.Process(process.pid))
        yield started


def test_killed_and_run_again_it_goes_on_where_it_was(desk_at, whole, tmp_path):
    with desk_at(tmp_path) as desk:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PREFECT_", "SENACS_"))
        }
        victim = Victim(environment, [("backfill", ASKED)], tmp_path / "log")
        with killing_one(desk) as killed:
            victim.ends_within(120)
        assert victim.pid in killed
        loaded = set(desk.ask("select collection, territory, data_year from department.delivery"))

        outcomes = backfill(*ASKED)

        assert_same(desk, whole, outcomes)
        assert loaded == {
            tuple(vars(one.key).values()) for one in outcomes if one.outcome is Outcome.UNCHANGED
        }

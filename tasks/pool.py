"""Batches at a Prefect work pool: each is a flow run of a deployment, on any machine with a worker.

Prefect notices a run's dead process only while the worker lives that started it. So who awaits a
batch looks at the territories' locks: PostgreSQL gives them back when the process that held them is
no more. How the territories ended is read from the warehouse, never from Prefect.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from prefect import State, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType, WorkerStatus
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger
from prefect.states import Cancelled, Crashed

from senacs.codebook import load_collection
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.errors import ConfigurationError, ServiceError
from senacs.findings import Severity
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.campaigns import not_ended
from tasks.report import place_of

DEPLOYMENT = "batch/run-batch"
"""Flow and deployment of a batch; `prefect.yaml` names the work pool that it runs on."""
TRIES = 3
"""How often a batch is submitted whose process dies: what kills it each time is the batch."""
LOOK_EVERY = 1.0
LOCKLESS_PATIENCE = 30.0
"""Seconds that a batch may run and hold no lock: before the first, and after the last."""
START_PATIENCE = 180.0
"""Seconds from a worker's taking it up to its first step: imports, on a busy machine."""
WORKER_PATIENCE = 180.0
"""Seconds without any worker at the pool before the wait is given up."""
_SUBMITTING = threading.Lock()
"""Prefect numbers the sub-flows of a flow run, and two threads could get one number."""


@task(name="batch", cache_policy=NO_CACHE)
def dispatched(
    keys: Sequence[TerritoryYear], codebook_version: str, given_up: threading.Event
) -> list[RunOutcome]:
    """Have workers of the pool take these territories along the road; how each ended.

    A batch whose process died is submitted again, `TRIES` times at most in all: what it has loaded
    is then unchanged. One that is thought dead and is not does no harm: the next waits for its
    locks. Once `given_up` is set it is not awaited any more: one that no worker has taken up is
    cancelled, one that is under way goes on.

    Raises:
        ConfigurationError: the deployment is not there.
        ServiceError: the pool has no worker.
    """
    flow_runs: list[UUID] = []
    with get_client(sync_client=True) as client:
        while len(flow_runs) < TRIES:
            flow_runs.append(_submitted(keys, codebook_version, len(flow_runs) + 1).id)
            state = _awaited(client, flow_runs[-1], keys, given_up)
            if state.type is not StateType.CRASHED:
                break
            get_run_logger().warning(
                "batch %s died (try %d of %d): %s",
                keys[0],
                len(flow_runs),
                TRIES,
                state.message,
            )
    return outcomes_of(keys, flow_runs, state)


def agreed_territories(
    collection: str, data_year: int, territories: Sequence[str], codebook_version: str
) -> list[TerritoryYear]:
    """What a batch is to take along.

    Raises:
        ConfigurationError: this machine has another codebook than the one that sent the batch.
    """
    own = load_collection(settings().codebook, collection).version
    if own != codebook_version:
        raise ConfigurationError(
            f"the codebook of {collection} is {own} here and {codebook_version} where the campaign "
            "runs: bring this worker to the same version"
        )
    return [TerritoryYear(collection, territory, data_year) for territory in territories]


def outcomes_of(
    keys: Sequence[TerritoryYear], flow_runs: Sequence[UUID], last: State[Any]
) -> list[RunOutcome]:
    """How territories ended in these flow runs, as the warehouse says, in the order of `keys`."""
    with warehouse().connect() as connection:
        rows = fetch(connection, "intake/outcomes_of_flow_runs", flow_runs=[*map(str, flow_runs)])
    found: dict[TerritoryYear, RunOutcome] = {}
    for row in rows:
        key = TerritoryYear(row["collection"], row["territory"], row["data_year"])
        place = place_of(key)
        found[key] = RunOutcome(
            row["run_id"],
            key,
            Outcome(row["outcome"]),
            row["message"],
            row["file_name"],
            row["records"],
            row["answers"],
            row["rejected"],
            {s: row["findings"][s] for s in Severity if s in row["findings"]},
            # A worker on another machine has written it there.
            str(place) if place.is_file() else "",
            len(flow_runs),
        )
    why = f"son lot n'a pas abouti ({last.message or last.name})."
    return [found.get(key) or not_ended(key, why, len(flow_runs)) for key in keys]


def _submitted(keys: Sequence[TerritoryYear], codebook_version: str, number: int) -> FlowRun:
    first = keys[0]
    again = f", try {number}" if number > 1 else ""
    try:
        with _SUBMITTING:
            run = run_deployment(
                DEPLOYMENT,
                parameters={
                    "collection": first.collection,
                    "data_year": first.data_year,
                    "territories": [key.territory for key in keys],
                    "codebook_version": codebook_version,
                },
                flow_run_name=f"batch-{first} and {len(keys) - 1} more{again}",
                timeout=0,
            )
    except ObjectNotFound as error:
        raise ConfigurationError(
            f"SENACS_RUNNER is pool, and Prefect has no deployment {DEPLOYMENT}: `senacs up` makes "
            "it, or `prefect deploy --all` on a Prefect server of yours"
        ) from error
    return cast(FlowRun, run)  # no coroutine: this is none


def _awaited(
    client: SyncPrefectClient,
    flow_run: UUID,
    keys: Sequence[TerritoryYear],
    given_up: threading.Event,
) -> State[Any]:
    """The state that a batch ended in; Crashed where its process is no more."""
    stirred, before = time.monotonic(), StateType.SCHEDULED
    while True:
        try:
            run = client.read_flow_run(flow_run)
        except ObjectNotFound:
            return Crashed(message="its flow run was deleted")
        state = run.state
        if state is None:
            raise ServiceError(f"Prefect knows no state of flow run {flow_run}")
        if state.is_final():
            return state
        now = time.monotonic()
        if state.type is not before:
            stirred, before = now, state.type
        if state.type is StateType.SCHEDULED:
            if _served(client, run.work_pool_name or ""):
                stirred = now
            elif now - stirred > WORKER_PATIENCE:
                client.set_flow_run_state(flow_run, Cancelled(message="no worker"), force=True)
                raise ServiceError(
                    f"No worker serves the work pool {run.work_pool_name!r}: start one with "
                    f"`prefect worker start --pool {run.work_pool_name}`, then run this again."
                )
        elif state.type is StateType.RUNNING and _any_locked(keys):
            stirred = now
        elif now - stirred > (
            LOCKLESS_PATIENCE if state.type is StateType.RUNNING else START_PATIENCE
        ):
            # Prefect's pages, and the slots that it counts, are told too.
            died: State[Any] = Crashed(message="its process holds no territory's lock: it is dead")
            client.set_flow_run_state(flow_run, died)
        if given_up.wait(LOOK_EVERY):
            if state.type is StateType.SCHEDULED:
                state = Cancelled(message="whoever submitted it has ended")
                client.set_flow_run_state(flow_run, state)
            return state


def _served(client: SyncPrefectClient, pool: str) -> bool:
    found = client.read_workers_for_work_pool(pool)
    return any(worker.status is WorkerStatus.ONLINE for worker in found)


def _any_locked(keys: Sequence[TerritoryYear]) -> bool:
    with warehouse().connect() as connection:
        found = fetch(connection, "department/any_locked", keys=[*map(str, keys)])
    return bool(found[0]["locked"])

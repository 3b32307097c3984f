"""What died is found and done again: runs by their locks, whole flows by what Prefect says.

Prefect notices a dead process by its heartbeats, which need the automation of `deploy/automations`.
The record of runs needs nothing: a run that is open while nobody holds its territory's lock is
dead. What kills its process each time is the territory, and is not begun for ever.
"""

from datetime import datetime, timedelta
from itertools import groupby

from httpx import HTTPError
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments import run_deployment

from senacs.deliveries import TerritoryYear
from senacs.errors import ServiceError
from senacs.notices import occasions
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.locks import exclusive
from tasks.notices import post
from tasks.pool import TRIES
from tasks.telling import label_of, tell_abandoned

DONE_AGAIN = "done-again"
"""Tag of the deployments in `prefect.yaml` whose runs are begun again when they crash."""
_LOOK_BACK = timedelta(days=2)
_TRY = "try-"


@task(name="crashed-territories", cache_policy=NO_CACHE)
def crashed_territories() -> list[list[TerritoryYear]]:
    """The territories whose run died and is to be done again, those of one campaign together.

    One that died `TRIES` times in a row is closed and told instead.
    """
    with warehouse().connect() as connection:
        rows = fetch(connection, "intake/crashed_runs")
    again = []
    for row in rows:
        key = TerritoryYear(row["collection"], row["territory"], row["data_year"])
        if row["deaths"] < TRIES:
            again.append(key)
        else:
            _give_up(key, row["deaths"], row["first_died"])
    return [
        list(keys)
        for _, keys in groupby(again, lambda key: (key.data_year, key.collection))
    ]  # fmt: skip


@task(name="crashed-flows", cache_policy=NO_CACHE)
def begin_crashed_flows_again(now: datetime) -> None:
    """Let Prefect begin again what crashed in the last days.

    Each is begun again once, by whomever: the new one's key is the old one. After `TRIES` times
    the engineers are told instead.

    Raises:
        ServiceError: Prefect cannot be reached.
    """
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.CRASHED])),
        tags=FlowRunFilterTags(all_=[DONE_AGAIN]),
        end_time=FlowRunFilterEndTime(after_=now - _LOOK_BACK),
    )
    try:
        with get_client(sync_client=True) as client:
            crashed = client.read_flow_runs(flow_run_filter=wanted)
        for one in crashed:
            _begin_again(one)
    except HTTPError as error:
        raise ServiceError(
            f"Prefect does not answer ({error}): what crashed waits until its server is started"
        ) from error


def _begin_again(crashed: FlowRun) -> None:
    tries = next((int(tag[len(_TRY) :]) for tag in crashed.tags if tag.startswith(_TRY)), 1)
    if crashed.deployment_id is None:
        return
    if tries >= TRIES:
        with warehouse().begin() as connection:
            post(connection, [occasions.flow_given_up(crashed.name, str(crashed.id), tries)])
        return
    run_deployment(
        crashed.deployment_id,
        parameters=crashed.parameters,
        idempotency_key=f"again-{crashed.id}",
        tags=[f"{_TRY}{tries + 1}"],
        timeout=0,
        as_subflow=False,
    )


def _give_up(key: TerritoryYear, deaths: int, first_died: str) -> None:
    with exclusive([key]), warehouse().begin() as connection:
        closed = fetch(connection, "intake/abandon_runs", **vars(key))
        if closed:  # nobody has begun it again meanwhile
            tell_abandoned(connection, key, closed)
            post(connection, [occasions.given_up(key, label_of(key), deaths, first_died)])

"""What persons ask for: a rerun of their territory, or a rehearsal that says what one would change.

Of each kind one a territory and data year is open at a time: asking ten times is asking once. The
record is in PostgreSQL, Prefect runs it. A rerun closes the requests that were there when it began;
one whose process died is found by the territory's lock, which PostgreSQL gives back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID, uuid4

from httpx import HTTPError
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed
from sqlalchemy import Connection

from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.errors import ConfigurationError, RequestError, ServiceError
from senacs.warehouse.engine import Begin, in_warehouse, warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.decisions import refuse_late
from tasks.pool import START_PATIENCE
from tasks.uploads import choose, upload_to_choose

REFRESH_PATIENCE = 900.0
"""Seconds that indicators may take after a load: all of them, where a method has changed."""
_DIED = "Le traitement s'est interrompu. Rien n'est perdu ni à moitié fait : relancez."


class RequestKind(StrEnum):
    """What is asked for."""

    RERUN = "rerun"
    REHEARSAL = "rehearsal"

    @property
    def deployment(self) -> str:
        """Flow and deployment that do it."""
        return {
            RequestKind.RERUN: "rerun/rerun-territory",
            RequestKind.REHEARSAL: "rehearsal/rehearse-territory",
        }[self]

    @property
    def french(self) -> str:
        """The word a correspondent reads."""
        return {RequestKind.RERUN: "relance", RequestKind.REHEARSAL: "essai"}[self]


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"

    @property
    def french(self) -> str:
        """The word a correspondent reads."""
        return {
            RequestState.OPEN: "en cours",
            RequestState.DONE: "terminé",
            RequestState.FAILED: "échec",
        }[self]


@dataclass(frozen=True)
class Request:
    """A request, as recorded.

    Attributes:
        upload_id: the upload that it is about; None: what came in last.
        flow_run: Prefect's flow run; None until Prefect has taken it.
        message: how it ended, in French.
        result: JSON of a rehearsal (`senacs.rehearsal.REHEARSAL`); None otherwise.
    """

    request_id: UUID
    key: TerritoryYear
    kind: RequestKind
    upload_id: UUID | None
    author: str
    asked_at: datetime
    flow_run: str | None
    state: RequestState
    message: str
    result: Mapping[str, Any] | None
    ended_at: datetime | None


class StepState(StrEnum):
    """How far a step of a rerun is."""

    TO_COME = "to come"
    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"

    @property
    def french(self) -> str:
        """The words a correspondent reads."""
        return {
            StepState.TO_COME: "à venir",
            StepState.UNDER_WAY: "en cours",
            StepState.DONE: "fait",
            StepState.FAILED: "échec",
        }[self]


@dataclass(frozen=True)
class Step:
    """One step of a rerun, as the person who asked for it sees it."""

    name: str
    state: StepState


STEPS = ("demandé", "commencé", "reçu", "lu et contrôlé", "chargé", "indicateurs")


def ask(
    key: TerritoryYear,
    kind: RequestKind,
    author: str,
    upload_id: UUID | None = None,
    begin: Begin = in_warehouse,
) -> Request:
    """Ask for a rerun or a rehearsal; the request, or the one that is open already.

    A rerun with an upload chooses it, in the same transaction. Where Prefect cannot be reached the
    request is kept and `follow` hands it over.

    Raises:
        RequestError: the upload cannot be taken, another one's request is under way, or a rerun is
            asked for of a territory that is closed.
        ConfigurationError: Prefect has no such deployment.
    """
    if not author.strip():
        raise RequestError("Dites qui demande.")
    with begin() as connection:
        execute(connection, "intake/lock_requests", key=str(key))
        if kind is RequestKind.RERUN:
            refuse_late(connection, key)
        if upload_id is not None:
            upload_to_choose(connection, key, upload_id)
        request_id = uuid4()
        new = execute(
            connection,
            "intake/insert_request",
            request_id=request_id,
            **vars(key),
            kind=str(kind),
            upload_id=upload_id,
            author=author.strip(),
        ).rowcount
        request = next(
            one
            for one in requests_of(connection, key)
            if one.kind is kind and one.state is RequestState.OPEN
        )
        if request.upload_id != upload_id:
            raise RequestError(
                f"Une autre demande ({kind.french}) de {request.author} est en cours pour ce "
                "territoire et cette année : attendez sa fin."
            )
        if new and upload_id is not None and kind is RequestKind.RERUN:
            choose(connection, key, upload_id, author.strip())
    return _handed_over(request, begin)


def requests_of(connection: Connection, key: TerritoryYear) -> list[Request]:
    """All that was asked for about a territory and data year, newest first."""
    return [_request(row) for row in fetch(connection, "intake/requests", **vars(key))]


def request_of(request_id: UUID, begin: Begin = in_warehouse) -> Request:
    """A request by its identifier.

    Raises:
        RequestError: there is none.
    """
    with begin() as connection:
        found = fetch(connection, "intake/request", request_id=request_id)
    if not found:
        raise RequestError("Il n'y a pas de telle demande.")
    return _request(found[0])


@task(name="fulfil-requests", cache_policy=NO_CACHE)
def fulfil(ended: RunOutcome) -> None:
    """Close the reruns that were asked for before this run began: it has done what they ask."""
    loaded = ended.outcome in (Outcome.LOADED, Outcome.UNCHANGED)
    with warehouse().begin() as connection:
        execute(
            connection,
            "intake/close_reruns",
            run_id=ended.run_id,
            state=str(RequestState.DONE if loaded else RequestState.FAILED),
            message=ended.message,
        )


def close(request_id: UUID, state: RequestState, message: str, result: str | None = None) -> None:
    """Close one request, with the JSON of what a rehearsal found."""
    with warehouse().begin() as connection:
        execute(
            connection,
            "intake/close_request",
            request_id=request_id,
            state=str(state),
            message=message,
            result=result,
        )


def follow(now: datetime) -> list[Request]:
    """Hand over what Prefect has not taken yet, and close what died; those that were closed.

    Raises:
        ServiceError: Prefect cannot be reached.
        ConfigurationError: Prefect has no such deployment.
    """
    with warehouse().connect() as connection:
        waiting = [_request(row) for row in fetch(connection, "intake/open_requests")]
    try:
        with get_client(sync_client=True) as client:
            dead = [
                one
                for one in map(_handed_over, waiting)
                if one.flow_run and _is_dead(client, one, UUID(one.flow_run), now)
            ]
    except HTTPError as error:
        raise ServiceError(
            f"Prefect does not answer ({error}): requests wait until its server is started again"
        ) from error
    for request in dead:
        close(request.request_id, RequestState.FAILED, _DIED)
    after = [request_of(request.request_id) for request in dead]
    # One that ended by itself meanwhile stays as it ended.
    return [one for one in after if one.message == _DIED]


def progress(request: Request, begin: Begin = in_warehouse) -> Sequence[Step]:
    """The steps of a rerun so far, from the record of runs."""
    with begin() as connection:
        run = _run_of(connection, request)
    reached = 1
    if run is not None:
        reached = 2 if run["sha256"] is None else 3
        if run["outcome"] in (Outcome.LOADED, Outcome.UNCHANGED):
            reached = 5
        elif run["outcome"] == Outcome.REFUSED:
            reached = 4
    if request.state is RequestState.DONE:
        reached = len(STEPS)
    ended = run is not None and run["outcome"] in (Outcome.REFUSED, Outcome.FAILED)
    stopped = ended or request.state is RequestState.FAILED
    current = StepState.FAILED if stopped else StepState.UNDER_WAY
    return [
        Step(name, StepState.DONE if number < reached
             else current if number == reached else StepState.TO_COME)
        for number, name in enumerate(STEPS)
    ]  # fmt: skip


def _handed_over(request: Request, begin: Begin = in_warehouse) -> Request:
    """The request with the flow run that does it; as it is where Prefect cannot be reached."""
    if request.flow_run is not None:
        return request
    key = request.key
    parameters: dict[str, Any] = {**vars(key)}
    if request.kind is RequestKind.REHEARSAL:
        parameters = {"collection": key.collection, "request": str(request.request_id)}
    try:
        run = cast(FlowRun, run_deployment(  # no coroutine: this is none
            request.kind.deployment,
            parameters=parameters,
            # Prefect makes one run of it, however often it is handed over.
            idempotency_key=str(request.request_id),
            flow_run_name=f"{request.kind}-{key}",
            timeout=0,
            as_subflow=False,
        ))  # fmt: skip
    except ObjectNotFound as error:
        raise ConfigurationError(
            f"Prefect has no deployment {request.kind.deployment}: `senacs up` makes it, or "
            "`prefect deploy --all` on a Prefect server of yours"
        ) from error
    except HTTPError:
        return request
    with begin() as connection:
        execute(
            connection,
            "intake/note_flow_run",
            request_id=request.request_id,
            flow_run=str(run.id),
        )
    return Request(**{**vars(request), "flow_run": str(run.id)})


def _is_dead(client: SyncPrefectClient, request: Request, flow_run_id: UUID, now: datetime) -> bool:
    """Whether nobody works on an open request any more; Prefect's pages are told."""
    try:
        flow_run = client.read_flow_run(flow_run_id)
    except ObjectNotFound:
        return True
    if flow_run.state is None or flow_run.state.type is StateType.SCHEDULED:
        return False
    if flow_run.state.is_final():
        return True
    with warehouse().connect() as connection:
        run = _run_of(connection, request)
        locked = fetch(connection, "department/any_locked", keys=[str(request.key)])[0]["locked"]
        if locked or _run_of(connection, request) != run:
            return False
    if run is None:
        stirred, patience = flow_run.state.timestamp, START_PATIENCE
    elif run["finished_at"] is None:
        # A process closes its run before it gives the lock back: this one never will.
        stirred, patience = run["started_at"], 0.0
    else:
        stirred, patience = run["finished_at"], REFRESH_PATIENCE
    if now - stirred <= timedelta(seconds=patience):
        return False
    client.set_flow_run_state(flow_run_id, Crashed(message="it holds no lock: its process is dead"))
    return True


def _run_of(connection: Connection, request: Request) -> Mapping[str, Any] | None:
    """The last run of the territory that was begun since the request."""
    found = fetch(connection, "intake/run_since", **vars(request.key), since=request.asked_at)
    return found[0] if found else None


def _request(row: Mapping[str, Any]) -> Request:
    return Request(
        row["request_id"],
        TerritoryYear(row["collection"], row["territory"], row["data_year"]),
        RequestKind(row["kind"]),
        row["upload_id"],
        row["author"],
        row["asked_at"],
        row["flow_run"],
        RequestState(row["state"]),
        row["message"],
        row["result"],
        row["ended_at"],
    )

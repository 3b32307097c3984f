"""The record of steps: what each did and took, failures too, noted when a batch ends.

Noting is one statement for all steps of all territories of a batch (measured: 0.3 ms a territory),
so that it costs a campaign next to nothing. What is kept of an error is its
class: its text may hold an answer.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from senacs.deliveries import Receipt, Run, RunOutcome
from senacs.errors import SenacsError
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.workspace import Came

_P = ParamSpec("_P")
_R = TypeVar("_R")
_LOGGER = logging.getLogger("senacs.steps")


@dataclass(frozen=True)
class Step:
    """A step that is over.

    Attributes:
        run_id: of its run; None for a refresh.
        territory: None for a refresh.
        reason: class of the error that ended it; empty where none did.
        counts: what it handled, by name.
        together: how many territories shared its seconds.
        began: by the monotonic clock of this process.
    """

    run_id: UUID | None
    collection: str
    data_year: int
    territory: str | None
    name: str
    reason: str
    counts: Mapping[str, int]
    together: int
    seconds: float
    began: float


_NOTED: ContextVar[list[Step] | None] = ContextVar("noted", default=None)
"""The steps of the batch that this thread takes along."""


@contextmanager
def steps_noted() -> Iterator[None]:
    """Note the steps of the block at its end, however it ends.

    That they cannot be noted ends no run: what they say is in the log too.
    """
    noted: list[Step] = []
    token = _NOTED.set(noted)
    try:
        yield
    finally:
        _NOTED.reset(token)
        with suppress(SenacsError, DBAPIError):
            _write(noted)


def observed(name: str, *, counted: str = "") -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Decorate a step whose first argument is what it is about: a run, what came, or several.

    Outside `steps_noted` it changes nothing: a rehearsal is no run.

    Args:
        name: of the step.
        counted: what a number that it gives back is the number of.
    """

    def decorate(step: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(step)
        def timed(*args: _P.args, **given: _P.kwargs) -> _R:
            noted = _NOTED.get()
            if noted is None:
                return step(*args, **given)
            about = [*args, *given.values()][0]
            began = time.monotonic()
            try:
                result = step(*args, **given)
            except Exception as error:
                noted += _steps(name, about, error, began, counted)
                raise
            noted += _steps(name, about, result, began, counted)
            return result

        return timed

    return decorate


def observed_refresh(refresh: Callable[[str, int], int]) -> Callable[[str, int], int]:
    """Decorate the refresh of a collection's data year: it is of no run, and noted by itself."""

    @wraps(refresh)
    def timed(collection: str, data_year: int) -> int:
        began = time.monotonic()
        reason, counts = "", {}
        try:
            changed = refresh(collection, data_year)
            counts = {"figures": changed}
        except Exception as error:
            reason = reason_of(error)
            raise
        finally:
            seconds = time.monotonic() - began
            with suppress(SenacsError, DBAPIError):
                _write(
                    [
                        Step(
                            None, collection, data_year, None, "refresh", reason, counts, 1,
                            seconds, began,
                        )
                    ]
                )  # fmt: skip
        return changed

    return timed


def reason_of(error: BaseException) -> str:
    """The class of an error; of one of ours the one that `senacs.errors` names."""
    kinds = type(error).__mro__
    if isinstance(error, SenacsError):
        kinds = kinds[: kinds.index(SenacsError)] or kinds
        return kinds[-1].__name__
    return kinds[0].__name__


def steps_of(run_id: UUID) -> list[Mapping[str, Any]]:
    """The steps of a run in order: step, outcome, reason, counts, together, seconds, started_at."""
    with warehouse().connect() as connection:
        return list(fetch(connection, "intake/steps_of_run", run_id=run_id))


def latest_runs(most: int) -> list[Mapping[str, Any]]:
    """The newest runs, with key, outcome, message, start and end."""
    with warehouse().connect() as connection:
        return list(fetch(connection, "intake/latest_runs", most=most))


def _steps(name: str, about: object, result: object, began: float, counted: str) -> list[Step]:
    """One step of each run that it was about; `result` is what came out of it, or its error."""
    seconds = time.monotonic() - began
    runs = _runs(about)
    several = isinstance(about, Sequence)
    results = result if several and isinstance(result, list) else [result] * len(runs)
    return [
        Step(
            run.run_id,
            run.key.collection,
            run.key.data_year,
            run.key.territory,
            name,
            reason_of(one) if isinstance(one, Exception) else "",
            _counts(one, counted),
            len(runs),
            seconds,
            began,
        )
        for run, one in zip(runs, results, strict=True)
    ]


def _runs(about: object) -> list[Run | RunOutcome]:
    if isinstance(about, Came):
        return [about.run]
    if isinstance(about, Run | RunOutcome):
        return [about]
    if isinstance(about, Sequence):
        return [run for one in about for run in _runs(one)]
    raise AssertionError(f"a step about {type(about).__name__} is of no run")


def _counts(result: object, counted: str) -> dict[str, int]:
    if isinstance(result, Receipt):
        return {"bytes": result.bytes, "unchanged": int(result.unchanged)}
    if isinstance(result, RunOutcome):
        own = {"records": result.records, "answers": result.answers, "rejected": result.rejected}
        return own | {str(severity): count for severity, count in result.findings.items()}
    if isinstance(result, bool):
        return {"accepted": int(result)}
    return {counted: result} if isinstance(result, int) else {}


def _write(steps: Sequence[Step]) -> None:
    if not steps:
        return
    now = time.monotonic()
    rows = [
        {
            "run_id": str(step.run_id) if step.run_id else None,
            "collection": step.collection,
            "data_year": step.data_year,
            "territory": step.territory,
            "step": step.name,
            "outcome": "failed" if step.reason else "done",
            "reason": step.reason,
            "counts": step.counts,
            "together": step.together,
            "seconds": step.seconds,
            "ago": now - step.began,
        }
        for step in steps
    ]
    for row in rows:
        _LOGGER.info("%s", row["step"], extra={"senacs": row})
    with warehouse().begin() as connection:
        execute(connection, "intake/insert_steps", steps=json.dumps(rows))

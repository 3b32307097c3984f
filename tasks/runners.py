"""Where the batches of a campaign run: threads of this process, Dask's workers, or a work pool.

A batch does the same wherever it runs, and the lock of each territory keeps a second run of it
waiting: so what a lost worker has begun is begun again elsewhere.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from prefect import Task
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from senacs.deliveries import RunOutcome, TerritoryYear
from senacs.errors import ConfigurationError, ServiceError
from senacs.settings import Settings, settings
from tasks.campaigns import not_ended
from tasks.pool import dispatched

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

Batch = Task[[Sequence[TerritoryYear], str], list[RunOutcome]]
"""What takes some territories of one campaign along the road, with the codebook's version."""
_Runner = TaskRunner[PrefectFuture[Any]]

_AWAITED_AT_ONCE = 64
"""Batches at the work pool: awaiting one takes a thread that sleeps. Its workers set the pace."""
_OPENED: ContextVar[_Runner | None] = ContextVar("opened", default=None)


@contextmanager
def workers() -> Iterator[_Runner]:
    """The task runner that SENACS_RUNNER asks for, until the block ends.

    Where one is open already, it is that one: the years of a backfill share their workers, which
    import everything once.

    Raises:
        ConfigurationError: Dask is not installed.
    """
    opened = _OPENED.get()
    if opened is not None:
        yield opened
        return
    with _runner(settings()) as made:
        token = _OPENED.set(made)
        try:
            yield made
        finally:
            _OPENED.reset(token)


def taken_along(
    batch: Batch, batches: Sequence[Sequence[TerritoryYear]], codebook_version: str
) -> list[RunOutcome]:
    """Send these batches to the workers, and wait: how each territory ended, in their order.

    A batch whose workers died, each time anew, fails its own territories alone.

    Raises:
        ServiceError: Dask's scheduler is lost, or nobody serves the work pool.
        SenacsError: what ends a batch as a whole, such as a warehouse that is gone.
    """
    kind, given_up = settings().runner, threading.Event()
    what: Task[..., list[RunOutcome]] = dispatched if kind == "pool" else batch
    given = {"given_up": given_up} if kind == "pool" else {}
    awaited = _of_dask if kind == "dask" else _plainly
    with workers() as runner:
        under_way = [
            runner.submit(what, {"keys": keys, "codebook_version": codebook_version, **given})
            for keys in batches
        ]
        try:
            return [
                ended
                for keys, future in zip(batches, under_way, strict=True)
                for ended in awaited(keys, future)
            ]
        finally:
            given_up.set()


def _runner(own: Settings) -> _Runner:
    makers: dict[str, Callable[[], Any]] = {
        # While one batch is being loaded, the next is judged.
        "threads": lambda: ThreadPoolTaskRunner(max_workers=own.runner_workers),
        "dask": lambda: _dask(own),
        "pool": lambda: ThreadPoolTaskRunner(max_workers=_AWAITED_AT_ONCE),
    }
    made: _Runner = makers[own.runner]()
    return made


def _dask(own: Settings) -> "DaskTaskRunner":
    try:
        import dask  # noqa: PLC0415 - an extra of the installation
        from distributed.security import Security  # noqa: PLC0415
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            f"SENACS_RUNNER is dask, and {error.name} is not installed: install senacs[dask]"
        ) from error
    if own.dask_address is not None:
        return DaskTaskRunner(address=own.dask_address)
    dask.config.set(
        {
            # A worker starts processes that read, which Python forbids to daemons.
            "distributed.worker.daemon": False,
            "distributed.admin.low-level-log-length": 0,
        }
    )
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": own.runner_workers,
            "threads_per_worker": 1,
            "dashboard_address": None,
            # Whoever reaches a scheduler runs code on it: only who has the certificate does.
            "security": Security.temporary(),  # type: ignore[no-untyped-call]
            "preload": ["tasks.dask_worker"],
            # A batch takes what it takes; a worker that is killed for it would begin it again.
            "memory_limit": None,
        }
    )


def _plainly(
    _keys: Sequence[TerritoryYear], future: PrefectFuture[list[RunOutcome]]
) -> list[RunOutcome]:
    return future.result()


def _of_dask(
    keys: Sequence[TerritoryYear], future: PrefectFuture[list[RunOutcome]]
) -> list[RunOutcome]:
    from distributed.client import FutureCancelledError  # noqa: PLC0415 - it is there, or not used
    from distributed.comm.core import CommClosedError  # noqa: PLC0415
    from distributed.scheduler import KilledWorker  # noqa: PLC0415

    try:
        return future.result()
    except KilledWorker:
        return [not_ended(key, "le processus de son lot est mort à chaque essai.") for key in keys]
    except (FutureCancelledError, CommClosedError, OSError) as error:
        raise ServiceError(
            f"Dask's scheduler is lost ({error}). What was loaded is whole; run the command again: "
            "it does what is left."
        ) from error

"""Runs of the flow `territory` that are killed at a chosen place.

They run in processes forked from one that has imported everything, once for all tests.
"""

import multiprocessing
import os
import signal

from senacs.settings import settings

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.support.crashing", "tests.support.imported"])


def exit_code_of_a_run(place: str, key: tuple[str, str, int]) -> int | None:
    """Of a run that kills itself at `place`: `after <step>` or `inside <function of load>`."""
    process = CONTEXT.Process(target=_run, args=(dict(os.environ), place, key))
    process.start()
    process.join()
    return process.exitcode


def _run(environment: dict[str, str], place: str, key: tuple[str, str, int]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    settings.cache_clear()

    from flows.territory import territory  # noqa: PLC0415 - preloaded
    from tasks import load  # noqa: PLC0415
    from tests.support.installation import plain  # noqa: PLC0415

    where, name = place.split()
    replaced = {}
    if where == "inside":
        setattr(load, name, _die)
    else:
        step = territory.fn.__globals__[name]
        step = getattr(step, "fn", step)

        def and_die(*args: object, **kwargs: object) -> None:
            step(*args, **kwargs)
            _die()

        replaced = {name: and_die}
    plain(territory, **replaced)(*key)


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)

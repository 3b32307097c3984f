"""Protects tables that share nothing side by side, in processes of their own."""

import os
from collections.abc import Callable, Sequence

import loky

from senacs.disclosure.guard import Guarded, guarded
from senacs.disclosure.table import Table
from tasks.lifeline import end_with

_IDLE_SECONDS = 10
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""There is a process a core already."""
_ALONE = 3
"""So few tables are not worth a process."""


def guarded_side_by_side(
    tables: Sequence[Table], tell: Callable[[int, int], None]
) -> list[Guarded]:
    """What may not be told of each table, in their order.

    Args:
        tables: those that share no sum; without a primary cell there is nothing to do.
        tell: hears how many are done, and of how many.
    """
    if len(tables) <= _ALONE:
        return [guarded(table) for table in tables]
    # The largest first, so that no process is left alone with one at the end.
    order = sorted(range(len(tables)), key=lambda number: -len(tables[number].cells))
    with loky.ProcessPoolExecutor(
        max_workers=loky.cpu_count(),
        timeout=_IDLE_SECONDS,
        env=_ENVIRONMENT,
        initializer=_begin,
        initargs=(os.getpid(),),
    ) as pool:
        begun = {number: pool.submit(guarded, tables[number]) for number in order}
        done: dict[int, Guarded] = {}
        for number in order:
            done[number] = begun[number].result()
            tell(len(done), len(tables))
    return [done[number] for number in range(len(tables))]


def _begin(parent: int) -> None:
    """End with the process that asks, and say nothing: HiGHS greets whoever makes one."""
    end_with(parent)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

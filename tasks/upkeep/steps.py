"""The check-up and the tidying as Prefect runs and shows them."""

from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from senacs.settings import settings
from tasks.upkeep.checks import State
from tasks.upkeep.doctor import examine
from tasks.upkeep.retention import Limits, delete, expired, told


@task(name="examine", cache_policy=NO_CACHE)
def examined() -> list[str]:
    """Log what the doctor says; what there is to do, a line each."""
    todo = []
    for check in examine(settings(), quick=True):
        line = f"{check.name}: {check.says}"
        if check.state is State.TODO:
            line = f"{line}. {check.todo}"
            todo.append(line)
        get_run_logger().log(_LEVELS[check.state], line)
    return todo


@task(name="tidy", cache_policy=NO_CACHE)
def tidied(limits: Limits, *, really: bool) -> int:
    """Log what may be deleted, or delete it; how many things that is."""
    now = datetime.now(UTC)
    found = expired(settings(), limits, now)
    if really:
        found = delete(settings(), found, limits, now)
    for thing in found:
        get_run_logger().info("%s: %s", "deleted" if really else "may be deleted", told(thing))
    return sum(thing.count for thing in found)


_LEVELS = {State.HOLDS: 20, State.NOTE: 20, State.TODO: 40}
"""Levels of the standard library's logging: info and error."""

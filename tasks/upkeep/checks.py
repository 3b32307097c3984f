"""What a check says: one line on what holds, or on what does not and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many of how many are done (0 of 0: nobody knows)."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Report to nobody."""


class State(StrEnum):
    """How a check ended."""

    HOLDS = "holds"
    NOTE = "note"
    """Nothing to do, but worth knowing."""
    TODO = "todo"


@dataclass(frozen=True)
class Check:
    """One line of the doctor's report.

    Attributes:
        name: what was looked at.
        says: what was found.
        todo: what a person does about it; empty where there is nothing to do.
    """

    name: str
    state: State
    says: str
    todo: str = ""


def holds(name: str, says: str) -> Check:
    """It is as it must be."""
    return Check(name, State.HOLDS, says)


def note(name: str, says: str, todo: str = "") -> Check:
    """Nothing is wrong; a reader may want to know."""
    return Check(name, State.NOTE, says, todo)


def wrong(name: str, says: str, todo: str) -> Check:
    """Something is wrong, and this is what to do."""
    return Check(name, State.TODO, says, todo)


def some(names: list[str], most: int = 5) -> str:
    """The first of these, and how many more there are: a line stays a line."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def human(size: int) -> str:
    """A size a person can read."""
    number = float(size)
    for unit in ("B", "kB", "MB"):
        if number < 1000:  # noqa: PLR2004 - the next unit
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"

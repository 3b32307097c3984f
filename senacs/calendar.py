"""What a campaign's calendar asks for at a moment: a function without effects.

A step has stable keys. Whoever carries it out records all that it settles in the transaction of
its effect, and the next look at the calendar leaves them out: nothing is missed after an outage,
nothing is done twice. Days are those of Paris.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class StepKind(StrEnum):
    """What is to be done for a territory."""

    REMIND = "remind"
    REMIND_OF_QUERIES = "remind_of_queries"
    CLOSE = "close"


@dataclass(frozen=True)
class TerritoryDates:
    """When a campaign concerns one territory; every day counts from its first moment in Paris.

    Attributes:
        closes: the last day on which its export is taken.
        reminders: days on which a territory that delivered nothing is reminded.
        query_reminders: days on which a territory with findings unanswered is reminded.
    """

    opens: date
    closes: date
    reminders: tuple[date, ...] = ()
    query_reminders: tuple[date, ...] = ()


@dataclass(frozen=True)
class Received:
    """What is known of a territory: whether anything was loaded, and how many findings wait."""

    loaded: bool
    open_queries: int


@dataclass(frozen=True)
class Step:
    """One thing to do now, and the keys that doing it settles (several missed days are one)."""

    kind: StepKind
    settles: tuple[str, ...]


def paris_day(now: datetime) -> date:
    """The day in Paris at an aware moment; ValueError for a moment without a zone."""
    if now.tzinfo is None:
        raise ValueError("the moment needs a time zone: days are those of Paris")
    return now.astimezone(PARIS).date()


def is_open(dates: TerritoryDates, now: datetime) -> bool:
    """Whether an export of that territory is taken at that moment, first and last day included."""
    return dates.opens <= paris_day(now) <= dates.closes


def steps_due(
    dates: TerritoryDates, done: Set[str], received: Received, now: datetime
) -> tuple[Step, ...]:
    """The steps of one territory that are due and not done, in order.

    Closing settles every reminder that was missed: after it there is nothing left to ask for.
    A later closing day, after a reopening, has a key of its own.
    """
    day = paris_day(now)
    missed = _missed(StepKind.REMIND, dates.reminders, done, day)
    missed_queries = _missed(StepKind.REMIND_OF_QUERIES, dates.query_reminders, done, day)
    if day > dates.closes:
        closing = f"{StepKind.CLOSE}:{dates.closes}"
        if closing in done:
            return ()
        return (Step(StepKind.CLOSE, (*missed, *missed_queries, closing)),)
    steps = []
    if missed and not received.loaded:
        steps.append(Step(StepKind.REMIND, missed))
    if missed_queries and received.open_queries:
        steps.append(Step(StepKind.REMIND_OF_QUERIES, missed_queries))
    return tuple(steps)


def _missed(kind: StepKind, days: tuple[date, ...], done: Set[str], today: date) -> tuple[str, ...]:
    keys = (f"{kind}:{day}" for day in sorted(set(days)) if day <= today)
    return tuple(key for key in keys if key not in done)

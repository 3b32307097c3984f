"""What a campaign's calendar asks for at a moment: functions without effects.

A step has stable keys. Whoever carries it out records all that it settles in the transaction of
its effect, and the next look at the calendar leaves them out: nothing is missed after an outage,
nothing is done twice. Days are those of Paris. People are told from six in the morning on, after
that day's collection; a campaign closes at midnight.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MORNING = timedelta(hours=6)
"""Our choice: from then on sources are asked and people told. The clock changes before it."""
MEMORY = timedelta(days=31)
"""A campaign that closed longer ago before the calendar first saw it is history: nothing of it is
due. A new installation announces no closing of years ago. Our choice, longer than any outage."""
OPENED = "open"
"""The key of the opening: a campaign opens once, even if its first day is moved."""


class StepKind(StrEnum):
    """What is to be done."""

    OPEN = "open"
    REOPEN = "reopen"
    REMIND = "remind"
    REMIND_OF_QUERIES = "remind_of_queries"
    SILENT = "silent"
    """Tell that the source has not answered for some days."""
    NOBODY = "nobody"
    """Nothing: on that day there was nobody to remind."""
    CLOSE = "close"
    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True)
class TerritoryDates:
    """When a campaign concerns one territory.

    Attributes:
        opens: the first day on which its export is taken.
        deadline: the day by which its export is expected.
        closes: the last day on which its export is taken.
        reminders: days on which a territory of which nothing is loaded is reminded.
        query_reminders: days on which a territory with findings unanswered is reminded.
    """

    opens: date
    deadline: date
    closes: date
    reminders: tuple[date, ...] = ()
    query_reminders: tuple[date, ...] = ()


@dataclass(frozen=True)
class CampaignDates:
    """When a campaign as a whole begins and ends, and when its editions are due.

    Attributes:
        opens: the first day of its first territory.
        closes: the last day of its last territory.
        provisional: when the provisional edition is due; None: no day is set.
        final: the same of the final edition.
    """

    opens: date
    closes: date
    provisional: date | None = None
    final: date | None = None

    @property
    def last(self) -> date:
        """The last of these days."""
        return max(day for day in (self.closes, self.provisional, self.final) if day)


@dataclass(frozen=True)
class Received:
    """What is known of a territory.

    Attributes:
        loaded: whether anything of it is loaded.
        open_queries: how many findings wait for its correspondent.
        silent_since: since when its source has not answered; None: it has.
        collected: when the calendar last had its source asked; None: never.
    """

    loaded: bool
    open_queries: int
    silent_since: date | None = None
    collected: datetime | None = None


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


def day_begun(now: datetime) -> date:
    """The last day in Paris whose morning has come; ValueError for a moment without a zone."""
    day = paris_day(now)
    hour = now.astimezone(PARIS).hour
    return day if hour >= MORNING // timedelta(hours=1) else day - timedelta(days=1)


def closing_key(closes: date) -> str:
    """The key of closing on that day: a later one, after a reopening, has a key of its own."""
    return f"{StepKind.CLOSE}:{closes}"


def is_closed(dates: TerritoryDates, done: Set[str]) -> bool:
    """Whether the territory was closed, and is not open again until a later day."""
    return closing_key(dates.closes) in done


def is_over(dates: TerritoryDates, done: Set[str], now: datetime) -> bool:
    """Whether nothing more is to be done for the territory."""
    return is_closed(dates, done) or _is_history(dates.closes, done, now)


def collection_due(
    dates: TerritoryDates, done: Set[str], received: Received, now: datetime
) -> bool:
    """Whether the territory's source is to be asked: each morning, and once after its last day.

    The last time takes what came on the last day, and what came while the server was down.
    """
    if paris_day(now) < dates.opens or is_over(dates, done, now):
        return False
    if paris_day(now) > dates.closes:
        return not _visited_after(dates.closes, received)
    if day_begun(now) < dates.opens:
        return False
    return received.collected is None or day_begun(received.collected) < day_begun(now)


def steps_due(
    dates: TerritoryDates, done: Set[str], received: Received, now: datetime, *, patience: int
) -> tuple[Step, ...]:
    """The steps of one territory that are due and not done, in order.

    Opening late settles the reminders that were missed before it, so does opening again, and
    closing: there is nothing left to ask for. Nothing closes before its source was asked a last
    time. One step tells of a missing export, be it late or its source silent.

    Args:
        dates: its days.
        done: keys that were settled before.
        received: what is known of it.
        now: the moment, with its zone.
        patience: days for which a silent source is told to nobody.
    """
    day = day_begun(now)
    to_come = day < dates.opens and paris_day(now) <= dates.closes
    if to_come or is_over(dates, done, now):
        return ()
    last = min(day, dates.closes)
    opening = () if OPENED in done else (OPENED,)
    missed = _missed(StepKind.REMIND, dates.reminders, done, last)
    missed_queries = _missed(StepKind.REMIND_OF_QUERIES, dates.query_reminders, done, last)
    if paris_day(now) > dates.closes:
        keys = (*opening, *missed, *missed_queries, closing_key(dates.closes))
        return (Step(StepKind.CLOSE, keys),) if _visited_after(dates.closes, received) else ()
    if opening:
        return (Step(StepKind.OPEN, (*opening, *missed, *missed_queries)),)
    reopening = f"{StepKind.REOPEN}:{dates.closes}"
    if reopening not in done and any(key.startswith(f"{StepKind.CLOSE}:") for key in done):
        return (Step(StepKind.REOPEN, (reopening, *missed, *missed_queries)),)
    return (
        *_of_export(received, missed, _silence(received, done, day, patience)),
        *_of_queries(received, missed_queries),
    )


def campaign_steps_due(
    dates: CampaignDates, done: Set[str], now: datetime, *, all_over: bool
) -> tuple[Step, ...]:
    """The steps of a campaign as a whole that are due and not done, in order.

    Args:
        dates: its days.
        done: keys that were settled before, of the campaign and not of its territories.
        now: the moment, with its zone.
        all_over: whether nothing more is to be done for any territory.
    """
    if day_begun(now) < dates.opens or _is_history(dates.closes, done, now):
        return ()
    steps = []
    opening = () if OPENED in done else (OPENED,)
    ends = all_over and day_begun(now) > dates.closes and closing_key(dates.closes) not in done
    if ends:
        steps.append(Step(StepKind.CLOSE, (*opening, closing_key(dates.closes))))
    elif opening:
        steps.append(Step(StepKind.OPEN, opening))
    editions = [
        (kind, f"{kind}:{day}")
        for kind, day in (
            (StepKind.PROVISIONAL, dates.provisional),
            (StepKind.FINAL, dates.final),
        )
        if day is not None and day <= day_begun(now) and f"{kind}:{day}" not in done
    ]
    if editions:  # the final one says it all
        steps.append(Step(editions[-1][0], tuple(key for _, key in editions)))
    return tuple(steps)


def _of_export(
    received: Received, missed: tuple[str, ...], silence: tuple[str, ...]
) -> Iterable[Step]:
    if missed and not received.loaded:
        yield Step(StepKind.REMIND, (*missed, *silence))
        return
    if missed:
        yield Step(StepKind.NOBODY, missed)
    if silence:
        yield Step(StepKind.SILENT, silence)


def _of_queries(received: Received, missed: tuple[str, ...]) -> Iterable[Step]:
    if missed:
        kind = StepKind.REMIND_OF_QUERIES if received.open_queries else StepKind.NOBODY
        yield Step(kind, missed)


def _silence(received: Received, done: Set[str], day: date, patience: int) -> tuple[str, ...]:
    since = received.silent_since
    if since is None or day - since < timedelta(days=patience):
        return ()
    key = f"{StepKind.SILENT}:{since}"
    return () if key in done else (key,)


def _missed(kind: StepKind, days: tuple[date, ...], done: Set[str], last: date) -> tuple[str, ...]:
    keys = (f"{kind}:{day}" for day in sorted(set(days)) if day <= last)
    return tuple(key for key in keys if key not in done)


def _visited_after(closes: date, received: Received) -> bool:
    return received.collected is not None and paris_day(received.collected) > closes


def _is_history(closes: date, done: Set[str], now: datetime) -> bool:
    return not done and paris_day(now) > closes + MEMORY

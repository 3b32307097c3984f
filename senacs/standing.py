"""Where a territory of a campaign stands, in one word, and what comes next: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from senacs import french
from senacs.calendar import MEMORY, Received, TerritoryDates
from senacs.deliveries import Outcome


class State(StrEnum):
    """Where a territory stands: the first of these that holds."""

    REFUSED = "refused"
    MISSING = "missing"
    TO_COME = "to_come"
    LATE = "late"
    EXPECTED = "expected"
    QUERIED = "queried"
    VALIDATED = "validated"

    @property
    def french(self) -> str:
        """The words that people read."""
        return {
            State.REFUSED: "refusé",
            State.MISSING: "clos sans envoi",
            State.TO_COME: "pas encore ouvert",
            State.LATE: "en retard",
            State.EXPECTED: "attendu",
            State.QUERIED: "constats ouverts",
            State.VALIDATED: "validé",
        }[self]

    def counted(self, number: int) -> str:
        """So many territories stand there, as people read it."""
        several = {
            State.REFUSED: "refusés",
            State.TO_COME: "pas encore ouverts",
            State.EXPECTED: "attendus",
            State.QUERIED: "avec des constats ouverts",
            State.VALIDATED: "validés",
        }
        one = {State.QUERIED: "avec des constats ouverts"}
        words = (several if number > 1 else one).get(self, self.french)
        return f"{french.number(number)} {words}"


@dataclass(frozen=True)
class NextStep:
    """What comes next, in French, and when; no day where nothing is planned."""

    words: str
    day: date | None = None


@dataclass(frozen=True)
class Standing:
    """A territory of a campaign, as the warehouse knows it.

    Attributes:
        departements: Insee codes.
        closed: it was closed, and is not open again.
        outcome: of the last run that looked at an export; None: none has.
        failing: whether its last run failed.
        first_received: the day of its first export; None: none came in.
        records: in the export that is loaded.
        answered: findings that were answered.
    """

    territory: str
    label: str
    departements: tuple[str, ...]
    dates: TerritoryDates
    received: Received
    closed: bool
    outcome: Outcome | None
    failing: bool
    first_received: date | None
    records: int
    answered: int

    def state(self, today: date) -> State:
        """Where it stands on that day."""
        if self.outcome is Outcome.REFUSED:
            return State.REFUSED
        if self.received.loaded:
            return State.QUERIED if self.received.open_queries else State.VALIDATED
        if self.closed:
            return State.MISSING
        if today < self.dates.opens:
            return State.TO_COME
        return State.LATE if today > self.dates.deadline else State.EXPECTED

    def next_step(self, today: date) -> NextStep:
        """What comes next."""
        state, dates = self.state(today), self.dates
        if self.closed:
            return NextStep(
                "rien à faire" if state is State.VALIDATED else "rouvrir, si la suite est attendue"
            )
        planned = [(dates.closes, "clôture")]
        if state is State.TO_COME:
            planned.append((dates.opens, "ouverture"))
        if state in (State.LATE, State.EXPECTED):
            planned.append((dates.deadline, "échéance"))
            planned += [(day, "rappel") for day in dates.reminders]
        if state is State.REFUSED:
            planned = [(dates.closes, "un nouvel envoi, avant la clôture")]
        if state is State.QUERIED:
            planned += [(day, "rappel des constats") for day in dates.query_reminders]
        to_come = [(day, words) for day, words in planned if day >= today]
        if not to_come:
            before_us = self.received.collected is None and today > dates.closes + MEMORY
            return NextStep("campagne passée" if before_us else "clôture à la prochaine ronde")
        day, words = min(to_come)
        return NextStep(words, day)

    @property
    def silence(self) -> str:
        """Since when its source has not answered, in French; empty where it has."""
        since = self.received.silent_since
        return f"source sans réponse depuis le {french.day(since)}" if since else ""


def standing(row: Mapping[str, Any]) -> Standing:
    """A territory from a row of `quality/campaign_state`."""
    return Standing(
        row["territory"],
        row["label"],
        tuple(row["departements"] or ()),
        TerritoryDates(
            row["opens"],
            row["deadline"],
            row["closes"],
            tuple(row["reminders"]),
            tuple(row["query_reminders"]),
        ),
        Received(row["loaded"], row["asked"], row["silent_since"], row["collected_at"]),
        row["closed"],
        Outcome(row["outcome"]) if row["outcome"] else None,
        row["failing"],
        row["received"],
        row["records"],
        row["answered"],
    )


def counts(territories: Sequence[Standing], today: date) -> dict[State, int]:
    """How many territories stand where, in the order of the states; only those that there are."""
    found = [one.state(today) for one in territories]
    return {state: found.count(state) for state in State if state in found}

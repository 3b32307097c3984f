"""Items, replies and their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from senacs.deliveries import TerritoryYear
from senacs.findings import Finding, Severity
from senacs.fingerprint import hash_of

_LENGTH = 16


class State(StrEnum):
    """Where an item stands."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    KNOWN = "known"
    RESOLVED = "resolved"

    @property
    def french(self) -> str:
        """The word a correspondent reads."""
        return {
            State.OPEN: "à traiter",
            State.ANSWERED: "répondu",
            State.ACCEPTED: "accepté",
            State.REOPENED: "à revoir",
            State.KNOWN: "erreur connue",
            State.RESOLVED: "résolu",
        }[self]


ASKED = frozenset({State.OPEN, State.REOPENED})
"""States in which the correspondent has to do something."""
ANSWERED = frozenset({State.ANSWERED, State.ACCEPTED})


class ReplyKind(StrEnum):
    """What a reply does."""

    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"

    @property
    def french(self) -> str:
        """The word a correspondent reads and writes."""
        return {
            ReplyKind.CORRECTED: "corrigé",
            ReplyKind.CONFIRMED: "confirmé",
            ReplyKind.WITHDRAWN: "retiré",
        }[self]


@dataclass(frozen=True)
class Place:
    """Where a rule found something: what makes a finding the same over reruns.

    Attributes:
        rule: code of the rule; empty for the answer itself, whatever rule is about it.
        header: counts only where there is no unit and no question, as for an unknown column.
    """

    rule: str
    unit_id: str | None = None
    question: str | None = None
    header: str | None = None

    def address(self, key: TerritoryYear) -> str:
        """Sixteen hex digits, different for each place of each territory and data year."""
        header = "" if self.unit_id or self.question else self.header or ""
        parts = (key.collection, key.territory, str(key.data_year), self.rule,
                 self.unit_id or "", self.question or "", header)  # fmt: skip
        return hash_of(*parts)[:_LENGTH]

    @property
    def answer(self) -> "Place":
        """The answer at this place."""
        return Place("", self.unit_id, self.question)


def place_of(finding: Finding) -> Place:
    """The place of a finding."""
    return Place(finding.rule, finding.unit_id, finding.question, finding.header)


@dataclass(frozen=True)
class Reply:
    """What a correspondent says of an answer (a correction) or of a finding (a confirmation).

    Attributes:
        place: rule, unit, question; the rule is empty for a correction.
        received: raw text that it is made against; None for an empty cell.
        about: all values that were compared, where the rule compares several.
        value: text of the right value; None unless it is a correction.
        given: day it was given, or the version of the item that a spreadsheet was made from.
    """

    kind: ReplyKind
    place: Place
    received: str | None
    value: str | None
    reason: str
    author: str
    given: str
    about: str | None = None

    def reply_id(self, key: TerritoryYear) -> str:
        """Hash of what it says: the same reply, sent twice, is one."""
        said = (self.kind, self.place.address(key), self.received or "", self.value or "",
                self.reason, self.author, self.given)  # fmt: skip
        return hash_of(*said)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Reply":
        """From a row of `query.reply_in_force`."""
        return cls(
            ReplyKind(row["kind"]),
            Place(row["rule"], row["unit_id"], row["question"], row["header"]),
            row["received"],
            row["value"],
            row["reason"],
            row["author"],
            row["given"],
            row["about"],
        )


@dataclass(frozen=True)
class Item:
    """An item as a run sees it.

    Attributes:
        raw: what the rule looked at; several rows of one unit give their texts together.
        delivered: the answer as delivered, whatever correction is in force.
        exception: the declared known error that covers it; None for none.
        exception_said: why it is known, by whom and until when, in French.
        confirmed_by: the confirmation that holds for it; None for none.
    """

    item_key: str
    place: Place
    severity: Severity
    message: str
    advice: str
    row: int | None = None
    raw: str | None = None
    about: str | None = None
    delivered: str | None = None
    exception: str | None = None
    exception_said: str | None = None
    confirmed_by: str | None = None


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two raw texts are the same answer: white space around and between does not count."""
    return " ".join((one or "").split()) == " ".join((other or "").split())

"""What persons decide about the calendar of a territory: its deadline moved, or opened again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from senacs import french
from senacs.calendar import paris_day
from senacs.codebook import load_collection
from senacs.deliveries import TerritoryYear
from senacs.errors import CodebookError, RequestError
from senacs.settings import settings
from senacs.warehouse.statements import execute, fetch


class Subject(StrEnum):
    """Which day of a territory is moved."""

    DEADLINE = "deadline"
    CLOSES = "closes"
    """The last day: moved past today it opens a closed territory again."""

    @property
    def french(self) -> str:
        """The words that people read."""
        return {Subject.DEADLINE: "échéance", Subject.CLOSES: "clôture"}[self]


@dataclass(frozen=True)
class Decision:
    """A decision, as recorded.

    Attributes:
        day: what the day is from then on.
        author: who decided.
    """

    decision_no: int
    key: TerritoryYear
    subject: Subject
    day: date
    author: str
    reason: str
    decided_at: datetime


def decide(
    connection: Connection,
    key: TerritoryYear,
    subject: Subject,
    day: date,
    *,
    author: str,
    reason: str,
    now: datetime,
) -> None:
    """Record that a territory's day is another one, in the caller's transaction.

    Raises:
        RequestError: nobody decides, no reason is given, there is no such territory, or the day
            is over.
    """
    if not author.strip() or not reason.strip():
        raise RequestError("Dites qui décide, et pourquoi.")
    try:
        load_collection(settings().codebook, key.collection).campaign(key.data_year).territory(
            key.territory
        )
    except CodebookError as error:
        raise RequestError(
            f"Aucune campagne {key.collection} {key.data_year} n'interroge le territoire "
            f"« {key.territory} »."
        ) from error
    if day < paris_day(now):
        raise RequestError(f"Le {french.day(day)} est passé : donnez un jour à venir.")
    execute(
        connection,
        "intake/insert_decision",
        **vars(key),
        subject=str(subject),
        day=day,
        author=author.strip(),
        reason=reason.strip(),
        now=now,
    )


def decisions(connection: Connection, most: int) -> list[Decision]:
    """The newest decisions, as many as `most`."""
    return [_decision(row) for row in fetch(connection, "intake/decisions", most=most)]


def refuse_late(connection: Connection, key: TerritoryYear) -> None:
    """See that the territory is not closed.

    Raises:
        RequestError: it is.
    """
    late = too_late(connection, key)
    if late:
        raise RequestError(late)


def too_late(connection: Connection, key: TerritoryYear) -> str:
    """Why nothing is taken of a territory that is closed, in French; empty where it is not."""
    closed = fetch(connection, "intake/closed_since", **vars(key))
    if not closed:
        return ""
    return (
        f"Trop tard : la collecte {key.data_year} de ce territoire est close depuis le "
        f"{french.day(closed[0]['closes'])} au soir. L'équipe nationale peut la rouvrir."
    )


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(
        row["decision_no"],
        TerritoryYear(row["collection"], row["territory"], row["data_year"]),
        Subject(row["subject"]),
        row["day"],
        row["author"],
        row["reason"],
        row["decided_at"],
    )

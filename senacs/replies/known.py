"""Known errors: declared exceptions that keep findings from being asked, until they expire."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from senacs.codebook.declared import Declared
from senacs.deliveries import TerritoryYear
from senacs.findings import Finding, Severity
from senacs.fingerprint import hash_of
from senacs.replies.files import entries

FILE = "known_errors.yml"
GONE, EXPIRED = "EXC-01", "EXC-02"


class KnownError(Declared):
    """An error that everybody knows of, and that asks nobody until it expires.

    Without unit or question it covers the rule wherever it finds something.
    """

    territory: str
    data_years: tuple[int, ...] = Field(min_length=1)
    rule: str = Field(min_length=1)
    unit: Annotated[str, Field(min_length=1)] | None = None
    question: Annotated[str, Field(min_length=1)] | None = None
    reason: str = Field(min_length=3)
    author: str = Field(min_length=2)
    until: date

    @field_validator("reason", "author")
    @classmethod
    def _said(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("must not be blank")
        return " ".join(text.split())

    @property
    def exception_id(self) -> str:
        """Hash of what it declares."""
        return hash_of(self.model_dump_json())[:16]

    @property
    def said(self) -> str:
        """Why it is known, by whom and until when."""
        return f"{self.reason} ({self.author}, jusqu'au {self.until:%d/%m/%Y})"

    def covers(self, finding: Finding) -> bool:
        """Whether it is about that finding."""
        return (
            finding.rule == self.rule
            and self.unit in (None, finding.unit_id)
            and self.question in (None, finding.question)
        )


def known_errors(folder: Path, key: TerritoryYear) -> list[KnownError]:
    """The exceptions declared for a territory's data year, expired ones included.

    Raises:
        ReplyError: the file cannot be read; it names the entry.
    """
    path = folder / key.collection / FILE
    return [
        one
        for one in entries(path, KnownError)
        if one.territory == key.territory and key.data_year in one.data_years
    ]


def in_force(known: Sequence[KnownError], today: date) -> list[KnownError]:
    """Those that have not expired; the last day counts."""
    return [one for one in known if today <= one.until]


def covering(finding: Finding, known: Sequence[KnownError]) -> KnownError | None:
    """The exception that covers a finding; none covers information."""
    if finding.severity is Severity.INFO:
        return None
    return next((one for one in known if one.covers(finding)), None)


def expiries(
    known: Sequence[KnownError], findings: Sequence[Finding], today: date
) -> list[Finding]:
    """What is said of exceptions that cover nothing any more, or have expired."""
    said = []
    asked = [f for f in findings if f.severity is not Severity.INFO]
    for one in known:
        named = f"{one.rule}{_where(one)}"
        if not any(one.covers(f) for f in asked):
            message = f"L'erreur connue {named} n'est plus constatée (« {one.reason} »)."
            advice = "Retirez l'exception : si l'erreur revenait, elle serait signalée."
            said.append(_finding(GONE, one, message, advice))
        elif today > one.until:
            message = (
                f"L'exception pour {named} a pris fin le {one.until:%d/%m/%Y} : le constat est de "
                f"nouveau posé (« {one.reason} »)."
            )
            advice = "Répondez au constat, ou prolongez l'exception."
            said.append(_finding(EXPIRED, one, message, advice))
    return said


def _where(one: KnownError) -> str:
    named = ", ".join(filter(None, (one.unit, one.question)))
    return f" ({named})" if named else ""


def _finding(rule: str, one: KnownError, message: str, advice: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.INFO,
        message=message,
        advice=advice,
        unit_id=one.unit,
        question=one.question,
    )

"""What a run works on, and how it ends."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from senacs.findings import Severity


@dataclass(frozen=True)
class TerritoryYear:
    """One territory's delivery about one data year: what is collected, replaced and locked."""

    collection: str
    territory: str
    data_year: int

    def __str__(self) -> str:
        return f"{self.collection}/{self.territory}/{self.data_year}"


@dataclass(frozen=True)
class Run:
    """A run that is under way."""

    run_id: UUID
    key: TerritoryYear


@dataclass(frozen=True)
class Receipt:
    """An export that is in the archive.

    Attributes:
        sha256: its content.
        file_name: its name as delivered.
        bytes: its size.
        unchanged: the source said that nothing has changed since it was last delivered.
    """

    sha256: str
    file_name: str
    bytes: int
    unchanged: bool


@dataclass(frozen=True)
class Mark:
    """What a run's results depend on, as hashes.

    Attributes:
        layers: all that what is loaded depends on.
        findings: what findings depend on besides. It is no part of what is loaded, so that
            territories and years in any order give the same tables.
    """

    layers: str
    findings: str


class Outcome(StrEnum):
    """How a run ends."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def french(self) -> str:
        """The word a correspondent reads."""
        return {
            Outcome.LOADED: "chargé",
            Outcome.UNCHANGED: "inchangé",
            Outcome.REFUSED: "refusé",
            Outcome.FAILED: "échec",
        }[self]


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended, with the counts its report shows.

    Attributes:
        records: units delivered; answers: cells of any status, of which `rejected` are kept out.
        findings: how many of each severity.
        report: path of the territory's French report; empty where there is none.
        tries: how often its batch was begun; more than once where a worker died on it.
    """

    run_id: UUID
    key: TerritoryYear
    outcome: Outcome
    message: str
    file_name: str = ""
    records: int = 0
    answers: int = 0
    rejected: int = 0
    findings: dict[Severity, int] = field(default_factory=dict)
    report: str = ""
    tries: int = 1

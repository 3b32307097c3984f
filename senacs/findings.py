"""A finding: what a rule found at one place of an export."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Severity(StrEnum):
    """What a finding does to the export."""

    BLOCKING = "blocking"
    ERROR = "error"
    QUERY = "query"
    INFO = "info"

    @property
    def french(self) -> str:
        """The word a correspondent reads."""
        return {
            Severity.BLOCKING: "bloquant",
            Severity.ERROR: "erreur",
            Severity.QUERY: "à vérifier",
            Severity.INFO: "information",
        }[self]

    @property
    def consequence(self) -> str:
        """What it means for the export, in French."""
        return {
            Severity.BLOCKING: "le fichier est refusé",
            Severity.ERROR: "la réponse est écartée",
            Severity.QUERY: "la réponse est gardée, une vérification est demandée",
            Severity.INFO: "pour information",
        }[self]


@dataclass(frozen=True)
class Finding:
    """One rule at one place.

    Attributes:
        rule: code of the rule.
        severity: what it does to the export.
        message: French sentence with the values in it.
        advice: what to do, in French.
        sheet: title of the sheet, where the export has several.
        row: row of the file as a spreadsheet counts (header = 1); None for the whole file.
        header: column as delivered.
        unit_id: structure or record concerned.
        question: question of the codebook.
        raw: raw text delivered.
        about: where the rule compares several answers, all their values: a confirmation holds
            while they stay the same.
    """

    rule: str
    severity: Severity
    message: str
    advice: str
    row: int | None = None
    header: str | None = None
    unit_id: str | None = None
    question: str | None = None
    raw: str | None = None
    about: str | None = None
    sheet: str | None = None

    @property
    def place(self) -> str:
        """Where people look for it: the row, behind its sheet if there are several."""
        return ", ".join(filter(None, (self.sheet, str(self.row or ""))))


FINDING_SCHEMA = pl.Schema(
    {
        "rule": pl.String,
        "severity": pl.String,
        "message": pl.String,
        "advice": pl.String,
        "row": pl.Int32,
        "header": pl.String,
        "unit_id": pl.String,
        "question": pl.String,
        "raw": pl.String,
        "about": pl.String,
        "sheet": pl.String,
    }
)


def as_frame(findings: list[Finding]) -> pl.DataFrame:
    """The findings in order of severity, then place: one row each, `FINDING_SCHEMA`."""
    order = list(Severity)
    ranked = sorted(
        findings, key=lambda f: (order.index(f.severity), f.row or 0, f.rule, f.header or "")
    )
    return pl.DataFrame(
        [
            {name: getattr(finding, name) for name in FINDING_SCHEMA.names()}
            | {"severity": str(finding.severity)}
            for finding in ranked
        ],
        schema=FINDING_SCHEMA,
    )

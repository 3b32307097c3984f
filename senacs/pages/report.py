"""The report of one territory's run, for its correspondent."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from senacs.codebook import Collection
from senacs.deliveries import Outcome, TerritoryYear
from senacs.findings import Finding, Severity
from senacs.french import counted, listed, number
from senacs.pages.contacts import masked
from senacs.pages.rendering import render

SHOWN_PER_RULE = 100
RAW_SHOWN = 160
_NUMBER = re.compile(r"[-+]?[\d\s]+([.,]\d+)?")


@dataclass(frozen=True)
class Reception:
    """The export a run worked on."""

    file_name: str
    bytes: int
    sha256: str
    received: datetime


@dataclass(frozen=True)
class Counts:
    """What was made of an export."""

    records: int
    answers: int
    rejected: int


@dataclass(frozen=True)
class Participant:
    """A structure of the register, and whether the loaded state holds an answer of it."""

    unit_id: str
    name: str
    in_scope: bool
    responded: bool


@dataclass(frozen=True)
class Loaded:
    """The state the warehouse holds of the territory's data year."""

    since: datetime
    file_name: str
    counts: Counts


@dataclass(frozen=True)
class RuleGroup:
    """The findings of one rule; `more` are not listed on the page."""

    rule: str
    advice: str
    findings: tuple[Finding, ...]
    more: int

    @property
    def count(self) -> int:
        """All its findings."""
        return len(self.findings) + self.more


@dataclass(frozen=True)
class SeverityGroup:
    """The findings of one severity, by rule."""

    severity: Severity
    title: str
    meaning: str
    rules: tuple[RuleGroup, ...]

    @property
    def count(self) -> int:
        """All its findings."""
        return sum(rule.count for rule in self.rules)


@dataclass(frozen=True)
class TerritoryReport:
    """Everything the report says.

    Attributes:
        received: the export of this run; None where none came in.
        loaded: what the warehouse holds after the run; None where it holds nothing.
        former: the findings shown are those of the loaded state, not of this run.
        groups: one for each severity, empty ones included.
        participants: the structures asked; empty where no register says who is.
        names: names of structures by their identifier.
        csv_name: file beside the page with all findings; empty where there is none.
        raw_shown: characters of a raw value on the page; the file beside has them all.
    """

    label: str
    unit_plural: str
    simulated: bool
    key: TerritoryYear
    campaign_year: int
    territory_label: str
    outcome: Outcome
    message: str
    received: Reception | None
    loaded: Loaded | None
    former: bool
    groups: tuple[SeverityGroup, ...]
    participants: tuple[Participant, ...]
    names: Mapping[str, str]
    csv_name: str
    raw_shown: int = RAW_SHOWN

    @property
    def asked(self) -> int:
        """How many structures were asked."""
        return len(self.participants)

    @property
    def silent(self) -> tuple[Participant, ...]:
        """The structures asked that did not answer."""
        return tuple(p for p in self.participants if not p.responded)

    @property
    def summary(self) -> str:
        """The run in plain sentences."""
        return " ".join(_summary(self))


_TITLES = {
    Severity.BLOCKING: ("Ce qui bloque", "Le fichier est refusé tant que ce n'est pas corrigé."),
    Severity.ERROR: (
        "Ce qui est écarté",
        "Ces réponses ne comptent pas dans les résultats ; leur texte est conservé.",
    ),
    Severity.QUERY: (
        "Ce qui vous est demandé",
        "Ces réponses sont gardées. Vérifiez-les auprès de la structure : confirmez ou corrigez.",
    ),
    Severity.INFO: ("Pour information", "Rien n'est écarté ; à savoir, ou à relancer."),
}


def territory_report(
    declared: Collection,
    key: TerritoryYear,
    *,
    outcome: Outcome,
    message: str,
    received: Reception | None,
    loaded: Loaded | None,
    findings: Sequence[Finding],
    register: Sequence[Participant],
) -> TerritoryReport:
    """The report's view model; `findings` are the run's, or those of the loaded state.

    The latter where the run looked at nothing new: an unchanged export, a failed collection.
    """
    campaign = declared.campaign(key.data_year)
    return TerritoryReport(
        label=declared.label,
        unit_plural=declared.unit_label_plural,
        simulated=declared.simulated,
        key=key,
        campaign_year=campaign.campaign_year,
        territory_label=campaign.territory(key.territory).label,
        outcome=outcome,
        message=masked(message),
        received=received,
        loaded=loaded,
        former=loaded is not None and outcome in (Outcome.UNCHANGED, Outcome.FAILED),
        groups=tuple(_group(severity, findings) for severity in Severity),
        participants=tuple(p for p in register if p.in_scope),
        names={p.unit_id: p.name for p in register},
        csv_name=f"{key.data_year}-constats.csv" if findings else "",
    )


def report_page(report: TerritoryReport) -> str:
    """The report as one self-contained HTML page."""
    return render("report.html.j2", report=report)


_COLUMNS = (
    "gravité", "règle", "ligne", "colonne", "structure", "nom", "valeur reçue", "constat",
    "que faire",
)  # fmt: skip


def findings_csv(findings: Sequence[Finding], names: Mapping[str, str]) -> str:
    """All findings as CSV for a French spreadsheet (separator `;`, to be written with a BOM).

    A cell that a spreadsheet would run as a formula is given an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in findings:
        cells = (
            one.severity.french, one.rule, str(one.row or ""), one.header, one.unit_id,
            names.get(one.unit_id or "", ""), one.raw, one.message, one.advice,
        )  # fmt: skip
        writer.writerow([_inert(masked(cell or "")) for cell in cells])
    return out.getvalue()


def _inert(cell: str) -> str:
    formula = cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if formula else cell


def _group(severity: Severity, findings: Sequence[Finding]) -> SeverityGroup:
    own = sorted((f for f in findings if f.severity is severity), key=lambda f: f.rule)
    rules = []
    for rule, members in groupby(own, key=lambda f: f.rule):
        found = list(members)
        rules.append(
            RuleGroup(
                rule,
                found[0].advice,
                tuple(found[:SHOWN_PER_RULE]),
                max(0, len(found) - SHOWN_PER_RULE),
            )
        )
    return SeverityGroup(severity, *_TITLES[severity], tuple(rules))


def _summary(report: TerritoryReport) -> list[str]:
    if report.outcome is Outcome.REFUSED:
        return [
            "Le fichier est refusé : rien n'en a été chargé.",
            _still_there(report.loaded),
            "Corrigez ce qui bloque, puis livrez un nouvel export.",
        ]
    if report.outcome is Outcome.FAILED:
        return ["La collecte n'a pas abouti.", _still_there(report.loaded)]
    said = []
    if report.outcome is Outcome.UNCHANGED:
        said.append("Rien de nouveau depuis le dernier chargement, qui reste en place.")
    if report.loaded:
        counts = report.loaded.counts
        said.append(
            f"Le fichier est chargé : {number(counts.records)} {report.unit_plural}, "
            f"{counted(counts.answers, 'réponse', 'réponses')}."
        )
    if report.participants:
        answered = report.asked - len(report.silent)
        verb = "ont" if answered > 1 else "a"
        said.append(
            f"{number(answered)} des {number(report.asked)} structures interrogées {verb} répondu."
        )
    return [*said, _asked_back(report)]


def _asked_back(report: TerritoryReport) -> str:
    by_severity = {group.severity: group.count for group in report.groups}
    parts = []
    if errors := by_severity[Severity.ERROR]:
        rejected = report.loaded.counts.rejected if report.loaded else 0
        parts.append(
            f"{counted(errors, 'constat', 'constats')} d'erreur "
            f"({counted(rejected, 'réponse écartée', 'réponses écartées')})"
        )
    if queries := by_severity[Severity.QUERY]:
        parts.append(f"{counted(queries, 'point', 'points')} à vérifier")
    if not parts:
        return "Aucune erreur, rien à vérifier."
    return f"Reste de votre côté : {listed(parts)}."


def _still_there(loaded: Loaded | None) -> str:
    if loaded is None:
        return "Aucune donnée de ce territoire n'est chargée pour cette année."
    return f"Les données chargées auparavant (fichier {loaded.file_name}) restent en place."

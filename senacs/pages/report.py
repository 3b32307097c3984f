"""The report of one territory's run, for its correspondent."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from senacs.codebook import Collection
from senacs.deliveries import Outcome, TerritoryYear
from senacs.findings import Finding, Severity
from senacs.french import counted, listed, number
from senacs.pages.contacts import masked
from senacs.pages.inert import shown
from senacs.pages.rendering import render
from senacs.replies.constats import Constat
from senacs.replies.model import Place, State, place_of

SHOWN_PER_RULE = 100
RAW_SHOWN = 160


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
class StructureLine:
    """What one structure has to look at."""

    unit_id: str
    name: str
    constats: tuple[Constat, ...]

    def count(self, severity: str) -> int:
        """Findings of that severity that wait for an answer."""
        return sum(one.asked and one.finding.severity == severity for one in self.constats)

    @property
    def settled(self) -> int:
        """Findings that are answered, or known."""
        return sum(not one.asked for one in self.constats)

    @property
    def about(self) -> list[str]:
        """The rules and columns that wait, each once."""
        asked = (one.finding for one in self.constats if one.asked)
        return list(dict.fromkeys(f"{f.rule} {f.header or ''}".strip() for f in asked))


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
        sheet_name: the annotated spreadsheet beside the page; empty where there is none.
        constats: the findings with where each stands, and what has been answered before.
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
    sheet_name: str = ""
    constats: tuple[Constat, ...] = ()
    raw_shown: int = RAW_SHOWN

    @cached_property
    def _by_place(self) -> dict[Place, Constat]:
        return {place_of(f): one for one in self.constats if one.state for f in one.findings}

    def standing(self, finding: Finding) -> Constat | None:
        """Where a finding stands; None for information."""
        return self._by_place.get(place_of(finding))

    @property
    def waiting(self) -> int:
        """How many findings wait for an answer."""
        return sum(one.asked for one in self.constats)

    @property
    def answered(self) -> tuple[Constat, ...]:
        """What has been answered."""
        return tuple(one for one in self.constats if one.answered)

    @property
    def known(self) -> int:
        """How many findings a declared exception covers."""
        return sum(one.state is State.KNOWN for one in self.constats)

    @cached_property
    def structures(self) -> tuple[StructureLine, ...]:
        """The structures that something is asked or answered about, in order."""
        by_unit: dict[str, list[Constat]] = {}
        for one in self.constats:
            if one.finding.unit_id and one.state:
                by_unit.setdefault(one.finding.unit_id, []).append(one)
        return tuple(
            StructureLine(unit, self.names.get(unit, ""), tuple(found))
            for unit, found in sorted(by_unit.items())
        )

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
    constats: Sequence[Constat] = (),
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
        sheet_name=f"{key.data_year}.xlsx" if constats else "",
        constats=tuple(constats),
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
            one.severity.french, one.rule, one.place, one.header, one.unit_id,
            names.get(one.unit_id or "", ""), one.raw, one.message, one.advice,
        )  # fmt: skip
        writer.writerow([shown(cell) for cell in cells])
    return out.getvalue()


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
    if report.constats:
        by_severity = {
            severity: sum(c.asked and c.finding.severity is severity for c in report.constats)
            for severity in Severity
        }
    parts = []
    if errors := by_severity[Severity.ERROR]:
        rejected = report.loaded.counts.rejected if report.loaded else 0
        parts.append(
            f"{counted(errors, 'constat', 'constats')} d'erreur "
            f"({counted(rejected, 'réponse écartée', 'réponses écartées')})"
        )
    if queries := by_severity[Severity.QUERY]:
        parts.append(f"{counted(queries, 'point', 'points')} à vérifier")
    said = f"Reste de votre côté : {listed(parts)}." if parts else _nothing_left(report)
    if report.answered:
        given = counted(len(report.answered), "réponse donnée", "réponses données")
        said += f" Déjà : {given}."
    if report.known:
        said += f" {counted(report.known, 'erreur connue', 'erreurs connues')} : rien à faire."
    return said


def _nothing_left(report: TerritoryReport) -> str:
    if report.answered or report.known:
        return "Plus rien n'attend de réponse."
    return "Aucune erreur, rien à vérifier."


def _still_there(loaded: Loaded | None) -> str:
    if loaded is None:
        return "Aucune donnée de ce territoire n'est chargée pour cette année."
    return f"Les données chargées auparavant (fichier {loaded.file_name}) restent en place."

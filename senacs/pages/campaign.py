"""The summary of a whole campaign, for the national team: who sent what, and what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from senacs.codebook import Collection
from senacs.deliveries import Outcome
from senacs.findings import Severity
from senacs.french import counted, number
from senacs.pages.rendering import render
from senacs.pages.response import ResponseTable, share

SHOWN_QUESTIONS = 20


@dataclass(frozen=True)
class TerritoryLine:
    """A territory of the campaign: what it sent, and where its findings stand.

    Attributes:
        days_late: from the closing to its first export; None where none came in.
        outcome: of its newest run; None where there was none.
        rejected: answers that are kept out.
        asked: findings that wait for the correspondent; then those in the other states.
    """

    territory: str
    label: str
    received: date | None
    days_late: int | None
    outcome: Outcome | None
    message: str
    loaded: bool
    records: int
    answers: int
    rejected: int
    n_scope: int
    n_responded: int
    asked: int
    answered: int
    accepted: int
    known: int
    resolved: int

    @property
    def rate(self) -> str:
        """Unit response in per cent; empty where nobody was asked."""
        return share(self.n_responded, self.n_scope)

    @property
    def word(self) -> str:
        """How it stands, in a word."""
        if self.outcome is None:
            return "rien reçu"
        if self.outcome in (Outcome.LOADED, Outcome.UNCHANGED):
            return "chargé"
        return self.outcome.french + (", ancien export en place" if self.loaded else "")

    @property
    def good(self) -> bool:
        """Whether its newest export is in place."""
        return self.outcome in (Outcome.LOADED, Outcome.UNCHANGED)


@dataclass(frozen=True)
class RuleLine:
    """What a rule found in the campaign."""

    rule: str
    severity: str
    found: int
    territories: int
    asked: int
    answered: int
    accepted: int
    known: int
    resolved: int
    advice: str

    @property
    def french(self) -> str:
        """Its severity as people read it."""
        return Severity(self.severity).french


@dataclass(frozen=True)
class QuestionLine:
    """How a question was answered in the campaign."""

    question: str
    label: str
    n_asked: int
    n_answered: int
    n_missing: int
    n_rejected: int
    n_corrected: int
    n_confirmed: int

    @property
    def rate(self) -> str:
        """Item response in per cent."""
        return share(self.n_answered, self.n_asked)


@dataclass(frozen=True)
class CampaignSummary:
    """Everything the page says."""

    label: str
    unit_plural: str
    simulated: bool
    by_register: bool
    collection: str
    data_year: int
    campaign_year: int
    opens: date
    closes: date
    territories: tuple[TerritoryLine, ...]
    rules: tuple[RuleLine, ...]
    questions: tuple[QuestionLine, ...]
    response: tuple[ResponseTable, ...]

    @property
    def weakest(self) -> tuple[QuestionLine, ...]:
        """The questions that are answered least, of those that not everybody answered."""
        short = [one for one in self.questions if one.n_answered < one.n_asked]
        return tuple(short[:SHOWN_QUESTIONS])

    @cached_property
    def total(self) -> TerritoryLine:
        """All territories together."""

        def summed(name: str) -> int:
            return sum(getattr(one, name) for one in self.territories)

        return TerritoryLine(
            "", "Ensemble", None, None, None, "", loaded=False,
            **{name: summed(name) for name in (
                "records", "answers", "rejected", "n_scope", "n_responded", "asked", "answered",
                "accepted", "known", "resolved")},
        )  # fmt: skip

    @property
    def loaded(self) -> int:
        """Territories whose newest export is in place."""
        return sum(one.good for one in self.territories)

    @property
    def received(self) -> int:
        """Territories that sent something."""
        return sum(one.received is not None for one in self.territories)

    @property
    def late(self) -> int:
        """Territories whose first export came in after the closing."""
        return sum(bool(one.days_late) for one in self.territories)

    @property
    def missing(self) -> tuple[str, ...]:
        """Territories that sent nothing."""
        return tuple(one.label for one in self.territories if one.received is None)

    @property
    def refused(self) -> tuple[TerritoryLine, ...]:
        """Territories whose newest export is not in place."""
        return tuple(o for o in self.territories if o.outcome is not None and not o.good)

    @property
    def summary(self) -> str:
        """The campaign in plain sentences."""
        total = self.total
        territories = counted(self.received, "territoire", "territoires")
        said = [
            f"Exports reçus : {territories} sur {number(len(self.territories))} ; "
            f"chargés : {number(self.loaded)}."
        ]
        if self.by_register:
            said.append(
                f"{number(total.n_responded)} des {number(total.n_scope)} {self.unit_plural} "
                f"interrogées ont répondu ({total.rate}), dans les territoires chargés."
            )
        waiting = counted(total.asked, "constat attend", "constats attendent")
        done = counted(total.answered + total.accepted, "réponse donnée", "réponses données")
        said.append(f"{waiting} une réponse ; {done}.")
        return " ".join(said)


def campaign_summary(
    declared: Collection,
    data_year: int,
    territories: Sequence[TerritoryLine],
    rules: Sequence[RuleLine],
    questions: Sequence[QuestionLine],
    *,
    response: Sequence[ResponseTable] = (),
) -> CampaignSummary:
    """The page's view model.

    Args:
        declared: the collection.
        data_year: which campaign.
        territories: each of the campaign's.
        rules: what they found.
        questions: how they were answered.
        response: how far the structures came; none without a register.
    """
    campaign = declared.campaign(data_year)
    return CampaignSummary(
        label=declared.label,
        unit_plural=declared.unit_label_plural,
        simulated=declared.simulated,
        by_register=bool(declared.register_collection),
        collection=declared.collection,
        data_year=data_year,
        campaign_year=campaign.campaign_year,
        opens=campaign.opens,
        closes=campaign.closes,
        territories=tuple(territories),
        rules=tuple(rules),
        questions=tuple(questions),
        response=tuple(response),
    )


def campaign_page(summary: CampaignSummary) -> str:
    """The summary as one self-contained HTML page."""
    return render("campaign.html.j2", summary=summary)

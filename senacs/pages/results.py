"""The front of the site: what was collected, who answered, and the editions made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from senacs.codebook import Collection
from senacs.codebook.model import Campaign, Disclosure, Perimeter
from senacs.deliveries import Outcome
from senacs.french import counted, day, listed, number
from senacs.pages.contacts import masked
from senacs.pages.rendering import render


@dataclass(frozen=True)
class TerritoryState:
    """What a territory delivered about one data year, and how its newest run ended."""

    data_year: int
    territory: str
    outcome: Outcome | None
    message: str
    loaded: bool
    received: date | None
    file_name: str
    n_scope: int
    n_responded: int


@dataclass(frozen=True)
class TerritoryLine:
    """A territory as the page names it; `problem`: why its newest export is not shown."""

    label: str
    status: str
    replies: str
    loaded: bool
    problem: str


@dataclass(frozen=True)
class Year:
    """One campaign: who was asked, who answered, what each territory delivered.

    Attributes:
        area_label: what the edition of that year is about; empty while there is none.
        bars: lengths of the reply bar (responded, asked) on a scale of 0 to 100 for all years.
    """

    data_year: int
    campaign_year: int
    area_label: str
    perimeter: str
    note: str
    n_scope: int
    n_responded: int
    by_register: bool
    bars: tuple[float, float]
    territories: tuple[TerritoryLine, ...]

    @property
    def rate(self) -> str:
        """Response rate in per cent."""
        return f"{number(100 * self.n_responded / self.n_scope, 0)} %" if self.n_scope else "–"


@dataclass(frozen=True)
class Edition:
    """A released vintage as the pages name it.

    Attributes:
        area_label: what it is about as a whole.
        address: its first page, from the folder of the site.
    """

    data_year: int
    name: str
    area_label: str
    kind: str
    released_on: date
    address: str


@dataclass(frozen=True)
class CollectionPage:
    """Everything the page of one collection says; the index shows its beginning."""

    name: str
    label: str
    unit: str
    units: str
    simulated: bool
    protected: bool
    provenance: str
    licence: str
    years: tuple[Year, ...]
    perimeter_warning: str
    editions: tuple[Edition, ...]


def collection_page(
    declared: Collection, states: Sequence[TerritoryState], editions: Sequence[Edition]
) -> CollectionPage:
    """The view model of a collection; `editions`: the newest of each data year."""
    years = _years(declared, states, editions)
    return CollectionPage(
        name=declared.collection,
        label=declared.label,
        unit=declared.unit_label,
        units=declared.unit_label_plural,
        simulated=declared.simulated,
        protected=declared.disclosure is Disclosure.PROTECTED,
        provenance=declared.provenance,
        licence=declared.licence,
        years=years,
        perimeter_warning=_perimeter_warning(declared, years),
        editions=tuple(sorted(editions, key=lambda one: -one.data_year)),
    )


def index_html(pages: Sequence[CollectionPage]) -> str:
    """The first page of the site."""
    return render("index.html.j2", pages=pages)


def collection_html(page: CollectionPage, pages: Sequence[CollectionPage]) -> str:
    """The page of one collection, with links to the others."""
    return render("collection.html.j2", page=page, pages=pages)


def _years(
    declared: Collection, states: Sequence[TerritoryState], editions: Sequence[Edition]
) -> tuple[Year, ...]:
    asked = {
        campaign.data_year: (
            sum(s.n_scope for s in states if s.data_year == campaign.data_year),
            sum(s.n_responded for s in states if s.data_year == campaign.data_year),
        )
        for campaign in declared.campaigns
    }
    longest = max((scope for scope, _ in asked.values()), default=0) or 1
    area_labels = {one.data_year: one.area_label for one in editions}
    return tuple(
        Year(
            data_year=campaign.data_year,
            campaign_year=campaign.campaign_year,
            area_label=area_labels.get(campaign.data_year, ""),
            perimeter=_perimeter(declared, campaign),
            note=campaign.note,
            n_scope=asked[campaign.data_year][0],
            n_responded=asked[campaign.data_year][1],
            by_register=campaign.perimeter is not Perimeter.EXPORT,
            bars=(
                round(100 * asked[campaign.data_year][1] / longest, 2),
                round(100 * asked[campaign.data_year][0] / longest, 2),
            ),
            territories=tuple(
                _territory(campaign, state)
                for state in states
                if state.data_year == campaign.data_year
            ),
        )
        for campaign in sorted(declared.campaigns, key=lambda campaign: campaign.data_year)
    )


def _perimeter(declared: Collection, campaign: Campaign) -> str:
    return {
        Perimeter.FEDERATED: "structures adhérentes à la Fédération des centres sociaux",
        Perimeter.ALL: "toutes les structures agréées du registre",
        Perimeter.EXPORT: f"{declared.unit_label_plural} que liste le fichier livré",
    }[campaign.perimeter]


def _territory(campaign: Campaign, state: TerritoryState) -> TerritoryLine:
    label = next(
        (t.label for t in campaign.territories if t.code == state.territory), state.territory
    )
    replies = f"{number(state.n_responded)} / {number(state.n_scope)}" if state.loaded else ""
    there = state.loaded and state.received is not None
    received = f"fichier {state.file_name}, reçu le {day(state.received)}" if state.received else ""
    problem = _problem(state)
    status = " ; ".join(part for part in (received if there else "", problem) if part)
    return TerritoryLine(label, status, replies, state.loaded, problem)


def _problem(state: TerritoryState) -> str:
    """Why the newest export is not what is shown; empty where it is."""
    if state.outcome is Outcome.REFUSED:
        which = "dernier fichier" if state.loaded else "fichier"
        return f"{which} refusé : {masked(state.message)}"
    if state.outcome is Outcome.FAILED:
        return "la dernière collecte n'a pas abouti" if state.loaded else "n'a pas livré"
    return "" if state.loaded else "pas encore collecté"


def _perimeter_warning(declared: Collection, years: Sequence[Year]) -> str:
    """What a reader who compares years must know first; empty where they are comparable."""
    answered = [year for year in years if year.n_scope]
    perimeters = {declared.campaign(year.data_year).perimeter for year in answered}
    if len(perimeters) < 2:  # noqa: PLR2004 - two perimeters are what there is to compare
        return ""
    asked = [
        f"{counted(year.n_scope, declared.unit_label, declared.unit_label_plural)} "
        f"en {year.data_year} ({year.perimeter})"
        for year in answered
    ]
    years_named = "deux années" if len(answered) == 2 else "années"  # noqa: PLR2004
    return (
        f"Les {years_named} n'ont pas le même périmètre : {listed(asked)}. Un total qui augmente "
        "d'une année à l'autre ne dit donc pas que l'activité augmente ; une moyenne ou une part "
        "ne porte pas sur les mêmes structures."
    )

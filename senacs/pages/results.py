"""The results site: what was collected, and one page of figures for each collection."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from senacs.codebook import Collection
from senacs.codebook.model import OF_UNITS, Campaign, Disclosure, Perimeter, Statistic
from senacs.deliveries import Outcome
from senacs.french import counted, day, listed, number
from senacs.pages.choropleth import ChoroplethMap, Outline, choropleth
from senacs.pages.contacts import masked
from senacs.pages.disclosure import protected
from senacs.pages.figures import ABSENT, Cell, Figure, cell, measure
from senacs.pages.rendering import render

_UNKNOWN_AREA = "ZZ"


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
        area_label: what the figures of that year are about; empty while there is none.
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
class Line:
    """One indicator: a cell for each year of the page."""

    label: str
    measure: str
    notes: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The indicators of one theme."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Headline:
    """A figure shown first: the latest year's, and those of the years before."""

    label: str
    data_year: int
    cell: Cell
    before: tuple[tuple[int, Cell], ...]


@dataclass(frozen=True)
class AreaLine:
    """One area: its replies, then a cell for each column."""

    label: str
    code: str
    replies: str
    cells: tuple[Cell, ...]
    is_whole: bool = False


@dataclass(frozen=True)
class AreaTable:
    """The headline figures of the latest year, by region or département."""

    level: str
    title: str
    data_year: int
    columns: tuple[str, ...]
    lines: tuple[AreaLine, ...]


@dataclass(frozen=True)
class Population:
    """The figures about one population: they are never pooled."""

    label: str
    headlines: tuple[Headline, ...]
    tables: tuple[Table, ...]
    maps: tuple[ChoroplethMap, ...]
    area_tables: tuple[AreaTable, ...]


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
    populations: tuple[Population, ...]

    @property
    def has_secret(self) -> bool:
        """Whether a figure is hidden on the page."""
        lines: list[Line | AreaLine] = []
        for population in self.populations:
            for table in population.tables:
                lines += table.lines
            for areas in population.area_tables:
                lines += areas.lines
        return any(one.kind == "secret" for line in lines for one in line.cells)


def collection_page(
    declared: Collection,
    figures: Sequence[Figure],
    states: Sequence[TerritoryState],
    outline: Outline,
) -> CollectionPage:
    """The view model of a collection; disclosure control is done here."""
    shown = list(figures)
    if declared.disclosure is Disclosure.PROTECTED:
        shown = protected(figures, {i.indicator: _variable(declared, i.indicator)
                                    for i in declared.indicators})  # fmt: skip
    years = _years(declared, shown, states)
    data_years = [year.data_year for year in years]
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
        populations=tuple(
            _population(declared, label, own, data_years, outline)
            for code, label in declared.populations.items()
            if (own := [figure for figure in shown if figure.population == code])
        ),
    )


def index_html(pages: Sequence[CollectionPage]) -> str:
    """The first page of the site."""
    return render("index.html.j2", pages=pages)


def collection_html(page: CollectionPage, pages: Sequence[CollectionPage]) -> str:
    """The page of one collection, with links to the others."""
    return render("collection.html.j2", page=page, pages=pages)


def _variable(declared: Collection, indicator: str) -> str:
    """What the figures that must be hidden together have in common."""
    defined = next(i for i in declared.indicators if i.indicator == indicator)
    return defined.variable or defined.where or defined.indicator


def _is_whole(figure: Figure) -> bool:
    return figure.level in ("france", "surveyed")


def _years(
    declared: Collection, figures: Sequence[Figure], states: Sequence[TerritoryState]
) -> tuple[Year, ...]:
    asked = {
        campaign.data_year: (
            sum(s.n_scope for s in states if s.data_year == campaign.data_year),
            sum(s.n_responded for s in states if s.data_year == campaign.data_year),
        )
        for campaign in declared.campaigns
    }
    longest = max((scope for scope, _ in asked.values()), default=0) or 1
    area_labels = {f.data_year: f.area_label for f in figures if _is_whole(f)}
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


def _population(
    declared: Collection,
    label: str,
    own: Sequence[Figure],
    years: Sequence[int],
    outline: Outline,
) -> Population:
    whole = {(f.indicator, f.data_year): f for f in own if _is_whole(f)}
    latest = max(f.data_year for f in own)
    current = [figure for figure in own if figure.data_year == latest]
    return Population(
        label=label,
        headlines=tuple(_headlines(declared, whole, years)),
        tables=tuple(_tables(declared, whole, years)),
        maps=tuple(_maps(declared, current, outline)),
        area_tables=tuple(_area_tables(current, latest)),
    )


_Whole = Mapping[tuple[str, int], Figure]


def _headlines(declared: Collection, whole: _Whole, years: Sequence[int]) -> Iterable[Headline]:
    for indicator in declared.indicators:
        found = [whole[indicator.indicator, y] for y in years if (indicator.indicator, y) in whole]
        if found and indicator.headline:
            *before, latest = found
            yield Headline(
                latest.label,
                latest.data_year,
                cell(latest, short=True),
                tuple((f.data_year, cell(f, short=True)) for f in reversed(before)),
            )


def _tables(declared: Collection, whole: _Whole, years: Sequence[int]) -> Iterable[Table]:
    for theme, title in declared.themes.items():
        lines = []
        for indicator in declared.indicators:
            by_year = [whole.get((indicator.indicator, year)) for year in years]
            first = next((figure for figure in by_year if figure), None)
            if indicator.theme == theme and first:
                lines.append(
                    Line(
                        first.label,
                        measure(first),
                        _notes(declared, indicator.indicator),
                        tuple(cell(figure) for figure in by_year),
                    )
                )
        if lines:
            yield Table(title, tuple(lines))


def _notes(declared: Collection, name: str) -> tuple[str, ...]:
    """What a reader of an indicator must know, each thing once."""
    indicator = next(i for i in declared.indicators if i.indicator == name)
    variables = [declared.variable_by_name.get(v) for v in (indicator.variable, indicator.where)]
    notes = [indicator.note, *(v.note for v in variables if v), indicator.source]
    return tuple(dict.fromkeys(f"{note.strip().rstrip('.')}." for note in notes if note))


def _maps(
    declared: Collection, current: Sequence[Figure], outline: Outline
) -> Iterable[ChoroplethMap]:
    """Maps of the headline counts, where all of France is loaded."""
    complete = {figure.indicator for figure in current if figure.level == "france"}
    for indicator in declared.indicators:
        counted_here = indicator.headline and indicator.statistic is Statistic.COUNT
        if counted_here and indicator.indicator in complete:
            figures = [
                figure
                for figure in current
                if figure.indicator == indicator.indicator and figure.level == "departement"
            ]
            yield choropleth(figures, outline, declared.unit_label, declared.unit_label_plural)


def _area_tables(current: Sequence[Figure], data_year: int) -> Iterable[AreaTable]:
    columns = {f.indicator: f.label for f in current if f.headline}
    counts = {f.indicator: f.label for f in current}
    columns = columns or counts
    for level, title in (("region", "Par région"), ("departement", "Par département")):
        cells = {(f.area, f.indicator): f for f in current if f.level == level}
        areas = {f.area: f for f in current if f.level == level}
        if len(areas) > 1:
            ordered = sorted(areas.values(), key=lambda f: _area_order(f, level))
            whole = {f.indicator: f for f in current if _is_whole(f)}
            last = next(iter(whole.values()))
            yield AreaTable(
                level,
                title,
                data_year,
                tuple(columns.values()),
                (
                    *(
                        AreaLine(
                            area.area_label,
                            "" if area.area == _UNKNOWN_AREA else area.area,
                            _replies(area),
                            tuple(_area_cell(cells.get((area.area, i))) for i in columns),
                        )
                        for area in ordered
                    ),
                    AreaLine(
                        last.area_label,
                        "",
                        _replies(last),
                        tuple(_area_cell(whole.get(i)) for i in columns),
                        is_whole=True,
                    ),
                ),
            )


def _area_order(figure: Figure, level: str) -> tuple[bool, str]:
    name = unicodedata.normalize("NFD", figure.area_label).encode("ascii", "ignore").decode()
    return figure.area == _UNKNOWN_AREA, figure.area if level == "departement" else name.casefold()


def _replies(figure: Figure) -> str:
    return f"{number(figure.n_responded)} / {number(figure.n_scope)}"


def _area_cell(figure: Figure | None) -> Cell:
    """In a table that states the replies once a line, a base only where it differs."""
    if figure is None:
        return ABSENT
    shown = cell(figure)
    own_base = figure.n_item is not None and figure.n_item != figure.n_responded
    plain = figure.statistic in OF_UNITS
    base = f"n = {number(figure.n_item or 0)}" if own_base and not plain else ""
    return Cell(shown.kind, shown.text, base if shown.kind == "value" else "")

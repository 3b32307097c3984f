"""The page of one indicator: its definition, series, map, breakdowns, and its rank by area."""

from collections.abc import Iterator
from dataclasses import dataclass

from senacs.codebook.breakdowns import UNKNOWN_CATEGORY
from senacs.codebook.model import OF_PERIMETER, OF_UNITS, Indicator, Statistic
from senacs.french import counted, number, typography
from senacs.plaquette.evolution import DIFFERENT_STRUCTURES, line_chart
from senacs.plaquette.model import (
    Block,
    Cell,
    CellKind,
    Column,
    Map,
    MapValue,
    Paragraph,
    Row,
    Section,
    Table,
)
from senacs.plaquette.subject import UNKNOWN_AREA, Ground, Subject
from senacs.plaquette.wording import LEVELS, cell, measure, said, sentence, unit_of
from senacs.vintages.model import Area, Status

_RANKED = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.SHARE, Statistic.RATIO})
"""What compares areas of different sizes; counts and totals follow their size."""


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """All that is said of an indicator.

    Attributes:
        definition: pairs of a word and what is to be said of it.
        summary: one sentence, for who shares the page.
    """

    indicator: str
    title: str
    theme: str
    definition: tuple[tuple[str, str], ...]
    summary: str
    sections: tuple[Section, ...]


def asked(ground: Ground) -> list[Indicator]:
    """The indicators that the vintage has a figure of, in the order of the codebook."""
    present = {key.indicator for key in ground.edition.frozen.figures}
    return [one for one in ground.edition.collection.indicators if one.indicator in present]


def indicator_content(ground: Ground, indicator: Indicator) -> IndicatorPage:
    """The page of an indicator that the vintage has figures of."""
    subject = Subject(ground, ground.edition.whole)
    collection = ground.edition.collection
    told = {
        code: label
        for code, label in {**collection.pooled, **collection.populations}.items()
        if subject.figure(indicator.indicator, code) is not None
    }
    page = _Page(subject, indicator, told)
    values = [
        f"{label} : {shown.text}"
        for code, label in told.items()
        if (shown := subject.cell(indicator.indicator, code)).kind is CellKind.VALUE
    ]
    year = ground.edition.vintage.data_year
    beginning = f"{indicator.label}, {subject.area.label}, données {year}."
    return IndicatorPage(
        indicator.indicator,
        typography(indicator.label),
        typography(collection.themes[indicator.theme]),
        tuple((word, typography(text)) for word, text in page.definition()),
        typography(f"{beginning} {' ; '.join(values)}." if values else beginning),
        tuple(section for section in page.sections() if section.blocks),
    )


@dataclass(frozen=True)
class _Page:
    subject: Subject
    indicator: Indicator
    populations: dict[str, str]

    @property
    def _name(self) -> str:
        return self.indicator.indicator

    def _title(self, text: str, population: str) -> str:
        """The text, before it the population where there are several."""
        several = len(self.populations) > 1
        return typography(f"{self.populations[population]} : {text}" if several else text)

    def definition(self) -> Iterator[tuple[str, str]]:
        indicator = self.indicator
        variables = self.subject.edition.collection.variable_by_name
        yield "Mesure", sentence(measure(indicator))
        yield "Base", _base(indicator)
        notes = [
            indicator.note,
            *(variables[v].note for v in indicator.variables if v in variables),
        ]
        for note in dict.fromkeys(note for note in notes if note):
            yield "À savoir", sentence(note)
        if indicator.source:
            yield "Source", sentence(indicator.source)
        years = [
            year
            for year in self.subject.ground.data_years
            if any(
                self.subject.figure(self._name, code, data_year=year) for code in self.populations
            )
        ]
        yield "Années publiées", sentence(", ".join(map(str, years)))
        first, last = self.subject.ground.data_years[0], self.subject.ground.data_years[-1]
        broken = self.subject.ground.breaks(self._name, first, last)
        for one in broken:
            yield "Rupture de série", sentence(f"{one.data_year} : {one.note}")
        if not broken and len(years) > 1:
            yield "Comparabilité", "Aucune rupture de série n'est déclarée entre ces années."

    def sections(self) -> Iterator[Section]:
        whole = typography(self.subject.area.label)
        yield Section("serie", f"{whole} : la série".replace(" :", "\N{NO-BREAK SPACE}:"),
                      tuple(self._series()))  # fmt: skip
        yield Section("carte", "Carte des départements", tuple(self._maps()))
        yield Section("types", "Selon le type de structure", tuple(self._breakdowns()))
        for level in ("region", "region_today", "departement"):
            title = f"Par {LEVELS[level][0]}"
            yield Section(level.replace("_", "-"), title, tuple(self._areas(level)))

    def _series(self) -> Iterator[Block]:
        years = self.subject.ground.data_years
        lines = [(label, code, self.subject.area) for code, label in self.populations.items()]
        if len(years) > 1:
            chart = line_chart(self.subject, self._name, lines, "serie-graphique", "serie-tableau")
            if any(point.cell.number is not None for s in chart.series for point in s.points):
                yield chart
        rows = tuple(
            Row(typography(label), tuple(
                self.subject.cell(self._name, code, self.subject.area, year) for year in years
            ))
            for code, label in self.populations.items()
        )  # fmt: skip
        yield Table(
            "serie-tableau",
            typography(f"{self.indicator.label} par année des données"),
            "Population",
            tuple(Column("", str(year)) for year in years),
            rows,
            (typography(DIFFERENT_STRUCTURES),) if len(years) > 1 else (),
        )
        for code, label in self.populations.items():
            figure = self.subject.figure(self._name, code)
            if figure and figure.estimate is not None and figure.estimate_low is not None:
                low, high = figure.estimate_low, figure.estimate_high or figure.estimate
                yield Paragraph(
                    typography(
                        f"{label} : estimé pour toutes les structures du périmètre, répondantes ou "
                        f"non, {said(figure.estimate, self.indicator)} (intervalle à 95 % : de "
                        f"{said(low, self.indicator)} à {said(high, self.indicator)})."
                    )
                )

    def _areas_of(self, level: str) -> list[Area]:
        return [
            area
            for area in self.subject.edition.areas.values()
            if area.level == level and area.code != UNKNOWN_AREA
        ]

    def _maps(self) -> Iterator[Block]:
        """One a population: what compares areas of different sizes, and plain counts."""
        areas = self._areas_of("departement")
        for code in self.populations:
            values = tuple(
                MapValue(one.code, typography(one.label), self.subject.cell(self._name, code, one))
                for one in areas
            )
            if any(value.cell.number is not None for value in values):
                yield self._map(code, values)

    def _map(self, code: str, values: tuple[MapValue, ...]) -> Map:
        year = self.subject.edition.vintage.data_year
        shown = sorted(
            (value for value in values if value.cell.number is not None),
            key=lambda value: (-(value.cell.number or 0), value.code),
        )
        ends = [f"{value.label} ({value.cell.text})" for value in shown[:3]]
        caption = (
            "Les écarts faibles entre départements ne disent rien : les bases sont petites."
            if self.indicator.statistic in _RANKED
            else "Les nombres suivent aussi la taille des départements : ce n'est pas un taux."
        )
        return Map(
            f"carte-{code.lower()}",
            self._title(f"{self.indicator.label}, {year}", code),
            typography(caption),
            typography(
                f"Carte de {counted(len(values), 'département', 'départements')}, dont "
                f"{number(len(shown))} avec un chiffre. Les plus hauts : {', '.join(ends)}."
            ),
            unit_of(self.indicator),
            values,
            (),
            (),
            f"departement-{code.lower()}",
            self.indicator.decimals,
        )

    def _breakdowns(self) -> Iterator[Block]:
        for breakdown in self.subject.edition.collection.breakdowns:
            categories = {one.category: one.label for one in breakdown.categories}
            categories[UNKNOWN_CATEGORY] = "Non connu"
            cells = {
                code: [self._category(code, breakdown.breakdown, one) for one in categories]
                for code in self.populations
            }
            rows = tuple(
                Row(typography(label), tuple(cells[code][i] for code in self.populations))
                for i, label in enumerate(categories.values())
            )
            if any(one.kind is not CellKind.ABSENT for row in rows for one in row.cells):
                yield Table(
                    f"types-{breakdown.breakdown}",
                    typography(f"{breakdown.label}, {self.subject.area.label}"),
                    "Catégorie",
                    tuple(Column("", typography(label)) for label in self.populations.values()),
                    rows,
                )

    def _category(self, population: str, breakdown: str, category: str) -> Cell:
        figure = self.subject.figure(self._name, population, breakdown=breakdown, category=category)
        return cell(figure, self.indicator)

    def _areas(self, level: str) -> Iterator[Block]:
        areas = self._areas_of(level)
        if len(areas) > 1:
            for code in self.populations:
                yield self._ranking(areas, level, code)

    def _ranking(self, areas: list[Area], level: str, code: str) -> Table:
        """By rank where every area has a figure to be ranked by; else in the order of areas."""
        cells = {area: self.subject.cell(self._name, code, area) for area in areas}
        figures = {area: self.subject.figure(self._name, code, area) for area in areas}
        hidden = any(one and one.status is Status.HIDDEN for one in figures.values())
        ranked = self.indicator.statistic in _RANKED and not hidden
        order = list(areas)
        if ranked:
            order.sort(key=lambda area: (cells[area].number is None, -(cells[area].number or 0)))
        rank = Column("", "Rang")
        value = Column("", typography(self.indicator.label))
        rows = tuple(
            Row(
                typography(area.label),
                (_rank(cells, area), cells[area]) if ranked else (cells[area],),
                area=area,
            )
            for area in order
        )
        several = LEVELS[level][1]
        notes = []
        if self.indicator.statistic in _RANKED and hidden:
            notes.append("Pas de rang : des chiffres sont sous secret statistique.")
        return Table(
            f"{level.replace('_', '-')}-{code.lower()}",
            self._title(f"{self.indicator.label}, {several}", code),
            typography(LEVELS[level][0].capitalize()),
            (rank, value) if ranked else (value,),
            rows,
            tuple(typography(note) for note in notes),
        )


def _rank(cells: dict[Area, Cell], area: Area) -> Cell:
    """Its place from the top as shown: equal values share a place."""
    own = cells[area]
    if own.number is None:
        return Cell(CellKind.EMPTY, "–")
    higher = {one for one, other in cells.items() if (other.number or 0) > own.number}
    return Cell(CellKind.VALUE, number(1 + len(higher)))


def _base(indicator: Indicator) -> str:
    if indicator.statistic in OF_PERIMETER:
        return "Toutes les structures du périmètre, répondantes ou non."
    if indicator.statistic in OF_UNITS:
        return "Les structures qui ont répondu à l'enquête."
    restricted = " et que la question concerne" if indicator.where else ""
    return (
        f"Les structures qui ont répondu à la question{restricted} ; sous chaque chiffre : "
        "réponses à la question / structures répondantes / structures du périmètre."
    )

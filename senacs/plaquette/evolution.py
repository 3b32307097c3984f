"""Figures over the data years that are published, and where a series breaks."""

from collections.abc import Iterator, Sequence

from senacs.french import typography
from senacs.plaquette.model import (
    Block,
    CellKind,
    Chart,
    Column,
    Form,
    Point,
    Row,
    Section,
    Series,
    Table,
)
from senacs.plaquette.subject import Subject
from senacs.plaquette.wording import measure, sentence, unit_of
from senacs.vintages.model import Area

DIFFERENT_STRUCTURES = (
    "Chaque année porte sur les structures qui ont répondu cette année-là : ce ne sont pas les "
    "mêmes d'une année à l'autre."
)


def evolution_section(subject: Subject) -> Section:
    """Empty for the first data year that is published."""
    years = subject.ground.data_years
    blocks = tuple(_blocks(subject, years)) if len(years) > 1 else ()
    return Section("evolution", "Évolution", blocks)


def _blocks(subject: Subject, years: Sequence[int]) -> Iterator[Block]:
    several = len(subject.edition.collection.populations) > 1
    for number, name in enumerate(subject.layout.lines, 1):
        populations = subject.populations
        yield from _drawn(
            line_chart(
                subject,
                name,
                [(label, code, subject.area) for code, label in populations.items()],
                f"evolution-graphique-{number}",
                "evolution-" + next(iter(populations), "").lower(),
            )
        )
    for population, label in subject.populations.items():
        yield _table(subject, population, label if several else "", years)


def _drawn(chart: Chart) -> Iterator[Chart]:
    """A chart that has at least two points somewhere."""
    for series in chart.series:
        if sum(point.cell.kind is CellKind.VALUE for point in series.points) > 1:
            yield chart
            return


def line_chart(
    subject: Subject, indicator: str, lines: Sequence[tuple[str, str, Area]], name: str, table: str
) -> Chart:
    """A line for each (label, population, area), over the published data years."""
    defined = subject.indicators[indicator]
    years = subject.ground.data_years
    series = tuple(
        Series(typography(label), tuple(_points(subject, indicator, population, area, years)))
        for label, population, area in lines
    )
    said = " ".join(
        f"{one.label} : {', '.join(f'{p.label} {p.cell.text}' for p in one.points)}."
        for one in series
    )
    return Chart(
        name,
        Form.LINES,
        typography(f"{defined.label}, {subject.area.label}"),
        unit_of(defined),
        typography(f"Courbe par année des données. {said}"),
        series,
        table,
    )


def _points(
    subject: Subject, indicator: str, population: str, area: Area, years: Sequence[int]
) -> Iterator[Point]:
    before = years[0]
    for year in years:
        broken = bool(subject.ground.breaks(indicator, before, year))
        yield Point(str(year), subject.cell(indicator, population, area, year), broken)
        before = year


def _table(subject: Subject, population: str, label: str, years: Sequence[int]) -> Table:
    names = dict.fromkeys([*subject.layout.key_figures, *subject.layout.lines])
    rows = []
    for name in names:
        cells = tuple(subject.cell(name, population, subject.area, year) for year in years)
        if any(shown.kind is not CellKind.ABSENT for shown in cells):
            indicator = subject.indicators[name]
            notes = [sentence(measure(indicator)), *_breaks(subject, name, years)]
            rows.append(Row(typography(indicator.label), cells, " ".join(notes), name))
    title = f"{label} : évolution" if label else "Évolution"
    return Table(
        f"evolution-{population.lower()}",
        typography(f"{title}, {subject.area.label}"),
        "Indicateur",
        tuple(Column("", str(year)) for year in years),
        tuple(rows),
        (typography(DIFFERENT_STRUCTURES),),
    )


def _breaks(subject: Subject, name: str, years: Sequence[int]) -> Iterator[str]:
    for found in subject.ground.breaks(name, years[0], years[-1]):
        yield sentence(f"Rupture de série en {found.data_year} : {found.note}")

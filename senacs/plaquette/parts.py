"""The sections that the layout declares: a table of indicators, and charts of some of them."""

from collections.abc import Iterator

from senacs.french import NO_BREAK, listed, typography
from senacs.plaquette.layout import Bars, Part
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

_ALL_SAID = 5
"""Bars that a text alternative says one by one; of more it says the ends."""


def part_sections(subject: Subject) -> Iterator[Section]:
    """Those in which the data year asked anything."""
    for part in subject.layout.parts:
        table = _table(subject, part)
        if table.rows:
            yield Section(
                part.section, typography(part.title), tuple(_blocks(subject, part, table))
            )


def _blocks(subject: Subject, part: Part, table: Table) -> Iterator[Block]:
    for number, bars in enumerate(part.charts, 1):
        chart = _chart(subject, bars, f"{part.section}-graphique-{number}", table.name)
        if chart.series:
            yield chart
    yield table


def _table(subject: Subject, part: Part) -> Table:
    """The area and the whole side by side, for each population."""
    whole = subject.edition.whole
    beside = (subject.area,) if subject.is_whole else (subject.area, whole)
    several = len(subject.edition.collection.populations) > 1
    columns = [
        (population, Column(label if several else "", typography(area.label), area))
        for population, label in subject.populations.items()
        for area in beside
    ]
    every = (_row(subject, name, columns) for name in part.indicators)
    rows = tuple(
        row for row in every if any(cell.kind is not CellKind.ABSENT for cell in row.cells)
    )
    return Table(
        f"{part.section}-tableau",
        typography(f"{part.title} : tous les indicateurs"),
        "Indicateur",
        tuple(column for _, column in columns),
        rows,
    )


def _row(subject: Subject, name: str, columns: list[tuple[str, Column]]) -> Row:
    indicator = subject.indicators[name]
    notes = [sentence(measure(indicator))]
    if indicator.note:
        notes.append(sentence(indicator.note))
    cells = tuple(subject.cell(name, population, column.area) for population, column in columns)
    return Row(typography(indicator.label), cells, " ".join(notes), name)


def _chart(subject: Subject, bars: Bars, name: str, table: str) -> Chart:
    """A bar for each indicator that is asked, a series for each population that has a value."""
    drawn = {
        population: label
        for population, label in subject.populations.items()
        if any(subject.cell(one, population).kind is CellKind.VALUE for one in bars.bars)
    }
    asked = [
        one
        for one in bars.bars
        if any(subject.cell(one, population).kind is not CellKind.ABSENT for population in drawn)
    ]
    if not bars.in_order and drawn:
        first = next(iter(drawn))
        asked.sort(key=lambda one: -(subject.cell(one, first).number or 0))
    series = tuple(
        Series(
            typography(label),
            tuple(
                Point(typography(bars.bars[one]), subject.cell(one, population)) for one in asked
            ),
        )
        for population, label in drawn.items()
    )
    first_bar = subject.indicators[next(iter(bars.bars))]
    title = typography(f"{bars.title}, {subject.area.label}, {subject.edition.vintage.data_year}")
    return Chart(
        name, Form.BARS, title, unit_of(first_bar), bars_alternative(series), series, table
    )


def bars_alternative(series: tuple[Series, ...]) -> str:
    """What the bars show: each value, or the ends of a long row, and what is missing."""
    return typography(" ".join(["Diagramme en barres.", *map(_said, series)]))


def _said(series: Series) -> str:
    values = [point for point in series.points if point.cell.kind is CellKind.VALUE]
    missing = [point.label for point in series.points if point.cell.kind is CellKind.HIDDEN]
    ranked = sorted(values, key=lambda point: -(point.cell.number or 0))
    if len(values) <= _ALL_SAID:
        words = [f"{point.label} {point.cell.text}" for point in values]
        text = f"{series.label} : {', '.join(words)}."
    else:
        most = [f"{point.label} {point.cell.text}" for point in ranked[:3]]
        least = f"{ranked[-1].label} {ranked[-1].cell.text}"
        text = (
            f"{series.label} : les valeurs les plus hautes sont {listed(most)} ; "
            f"la plus basse est {least}."
        )
    if not values:
        text = f"{series.label} : aucune valeur."
    if missing:
        text += f" Sous secret statistique{NO_BREAK}: {listed(missing)}."
    return text

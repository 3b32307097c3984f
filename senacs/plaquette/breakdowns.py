"""Figures by kind of structure, where an area is large enough to have them: not a département."""

from collections.abc import Iterator

from senacs.codebook.breakdowns import UNKNOWN_CATEGORY, Breakdown
from senacs.french import typography
from senacs.plaquette.model import Block, Cell, CellKind, Column, Row, Section, Table
from senacs.plaquette.subject import Subject
from senacs.plaquette.wording import ABSENT, cell, measure, sentence


def breakdown_section(subject: Subject) -> Section:
    """Empty where nothing is broken down."""
    return Section("types", "Selon le type de structure", tuple(_blocks(subject)))


def _blocks(subject: Subject) -> Iterator[Block]:
    several = len(subject.edition.collection.populations) > 1
    for breakdown in subject.edition.collection.breakdowns:
        for population, label in subject.populations.items():
            table = _table(subject, breakdown, population, f"{label} : " if several else "")
            if table.rows:
                yield table


def _table(subject: Subject, breakdown: Breakdown, population: str, title: str) -> Table:
    categories = {one.category: one.label for one in breakdown.categories}
    categories[UNKNOWN_CATEGORY] = "Non connu"
    rows = []
    for name in subject.layout.compared:
        cells = [_cell(subject, name, population, breakdown, one) for one in categories]
        if any(shown.kind is not CellKind.ABSENT for shown in cells):
            indicator = subject.indicators[name]
            everybody = subject.cell(name, population)
            note = sentence(measure(indicator))
            rows.append(Row(typography(indicator.label), (everybody, *cells), note, name))
    return Table(
        f"types-{breakdown.breakdown}-{population.lower()}",
        typography(f"{title}{breakdown.label}"),
        "Indicateur",
        (Column("", "Ensemble"), *(Column("", typography(one)) for one in categories.values())),
        tuple(rows),
    )


def _cell(
    subject: Subject, name: str, population: str, breakdown: Breakdown, category: str
) -> Cell:
    figure = subject.figure(name, population, breakdown=breakdown.breakdown, category=category)
    return cell(figure, subject.indicators[name]) if figure else ABSENT

"""An area beside its neighbours, its region and the whole."""

from collections.abc import Iterator

from senacs.french import typography
from senacs.plaquette.model import Block, CellKind, Column, Row, Section, Table
from senacs.plaquette.subject import Subject
from senacs.plaquette.wording import LEVELS, measure, sentence

_COLUMNS = 6
"""Indicators that fit beside each other where the lines are areas."""


def comparison_section(subject: Subject) -> Section:
    """Empty where there is nothing to compare with."""
    return Section("comparaison", "Comparaison", tuple(_blocks(subject)))


def _blocks(subject: Subject) -> Iterator[Block]:
    several = len(subject.edition.collection.populations) > 1
    for population, label in subject.populations.items():
        title = f"{label} : " if several else ""
        if subject.holders:
            yield _with_holders(subject, population, title)
        if len(subject.peers) > 1:
            yield _with_peers(subject, population, title)


def _asked(subject: Subject, population: str) -> list[str]:
    return [
        name
        for name in subject.layout.compared
        if subject.cell(name, population, subject.edition.whole).kind is not CellKind.ABSENT
    ]


def _with_holders(subject: Subject, population: str, title: str) -> Table:
    holders = " et ".join(holder.label for holder in subject.holders)
    return Table(
        f"comparaison-{population.lower()}",
        typography(f"{title}{subject.area.label} à côté de : {holders}"),
        "Indicateur",
        tuple(Column("", typography(area.label), area) for area in subject.compared),
        tuple(
            Row(
                typography(subject.indicators[name].label),
                tuple(subject.cell(name, population, area) for area in subject.compared),
                sentence(measure(subject.indicators[name])),
                name,
            )
            for name in _asked(subject, population)
        ),
    )


def _with_peers(subject: Subject, population: str, title: str) -> Table:
    shown = _asked(subject, population)[:_COLUMNS]
    _, several = LEVELS[subject.peers[0].level]
    areas = [*subject.peers, *(subject.holders or (subject.edition.whole,))]
    return Table(
        f"voisins-{population.lower()}",
        typography(f"{title}{several}, {subject.edition.vintage.data_year}"),
        "Territoire",
        tuple(Column("", typography(subject.indicators[name].label)) for name in shown),
        tuple(
            Row(
                typography(area.label),
                tuple(subject.cell(name, population, area) for name in shown),
                area=area,
                strong=area == subject.area,
            )
            for area in areas
        ),
    )

"""The plaquette of an area: its sections, in the order of those that were printed."""

from collections.abc import Iterator

from senacs.french import NO_BREAK, capital, day, listed, typography
from senacs.plaquette.breakdowns import breakdown_section
from senacs.plaquette.comparison import comparison_section
from senacs.plaquette.evolution import evolution_section
from senacs.plaquette.method import SIMULATED, method_section
from senacs.plaquette.model import (
    Block,
    Cell,
    CellKind,
    Directory,
    KeyFigure,
    KeyFigures,
    Listed,
    Paragraph,
    Plaquette,
    Section,
)
from senacs.plaquette.parts import part_sections
from senacs.plaquette.places import map_section
from senacs.plaquette.subject import UNKNOWN_AREA, Ground, Subject
from senacs.vintages.model import Area, Edition, Kind, Structure

_LISTED_AT_MOST = 700
"""Structures that are listed one by one; a longer list is left to the plaquettes of the parts."""


def plaquette(edition: Edition, area: Area) -> Plaquette:
    """All that is said of an area in a vintage.

    Raises:
        CodebookError: the layout names an indicator that the codebook does not have.
    """
    return plaquette_of(Subject(Ground(edition), area))


def plaquettes(edition: Edition) -> Iterator[Plaquette]:
    """Those of all areas that have a name, in their order; quicker than each by itself."""
    ground = Ground(edition)
    for area in edition.areas.values():
        if area.code != UNKNOWN_AREA:
            yield plaquette_of(Subject(ground, area))


def plaquette_of(subject: Subject) -> Plaquette:
    """The same as `plaquette`, of an area that is already looked up."""
    edition = subject.edition
    return Plaquette(
        vintage=edition.vintage.name,
        area=subject.area,
        title=typography(subject.area.label),
        subject=subject_of(edition),
        dating=dating(edition),
        simulated=SIMULATED if edition.collection.simulated else "",
        summary=_summary(subject),
        sections=tuple(_sections(subject)),
    )


def subject_of(edition: Edition) -> str:
    """Whom the vintage is about: "Centres sociaux et espaces de vie sociale"."""
    first, *others = edition.collection.populations.values()
    return typography(listed([first, *(label[:1].lower() + label[1:] for label in others)]))


def dating(edition: Edition) -> str:
    """Data year, vintage and day of publication."""
    vintage = edition.vintage
    kind = "provisoire" if vintage.kind is Kind.PROVISIONAL else "définitive"
    return (
        f"Données{NO_BREAK}{vintage.data_year}, édition {kind} nº{NO_BREAK}{vintage.number} "
        f"du {day(vintage.released_on)}"
    )


def _sections(subject: Subject) -> Iterator[Section]:
    yield map_section(subject)
    yield Section("reperes", "Repères clés", tuple(_key_figures(subject)))
    yield from part_sections(subject)
    for section in (
        evolution_section(subject),
        comparison_section(subject),
        breakdown_section(subject),
    ):
        if section.blocks:
            yield section
    yield Section("structures", "Les structures", tuple(_directories(subject)))
    yield method_section(subject)


def _key_figures(subject: Subject) -> Iterator[Block]:
    """First what is told of all populations together, then each by itself."""
    several = len(subject.edition.collection.populations) > 1
    for population, label in subject.edition.collection.pooled.items():
        if several:
            yield _shown_large(subject, subject.layout.pooled_figures, population, label)
    for population, label in subject.populations.items():
        names = subject.layout.key_figures
        yield _shown_large(subject, names, population, label if several else "")
    if not subject.populations:
        unit = subject.edition.collection.unit_label_plural
        yield Paragraph(typography(f"Il n'y a pas ici de {unit} dans le périmètre."))


def _shown_large(
    subject: Subject, names: tuple[str, ...], population: str, label: str
) -> KeyFigures:
    return KeyFigures(
        tuple(
            KeyFigure(
                typography(subject.indicators[name].label),
                typography(label),
                shown,
                tuple(_of_holders(subject, name, population)),
                name,
            )
            for name in names
            if (shown := subject.cell(name, population, short=True)).kind is not CellKind.ABSENT
        )
    )


def _of_holders(subject: Subject, name: str, population: str) -> Iterator[tuple[str, Cell]]:
    """A count or a total of what holds the area says little beside its own: means and shares do."""
    indicator = subject.indicators[name]
    if indicator.unit == "share" or indicator.statistic in ("mean", "median", "ratio"):
        for holder in subject.holders:
            shown = subject.cell(name, population, holder, short=True)
            if shown.kind is CellKind.VALUE:
                yield typography(holder.label), shown


def _directories(subject: Subject) -> Iterator[Block]:
    chosen = {area.code: area for area in subject.departements}
    structures = [one for one in subject.edition.structures if one.departement in chosen]
    labels = subject.edition.collection.populations
    if not structures:
        yield Paragraph("Le registre ne donne pas de liste pour ce territoire.")
        return
    if len(structures) > _LISTED_AT_MOST:
        yield Paragraph(
            typography(
                "La liste des structures est dans la plaquette de chaque département et de "
                "chaque région, et dans les données ouvertes."
            )
        )
        return
    yield Paragraph(
        typography("Les structures du périmètre, selon le registre, qu'elles aient répondu ou non.")
    )
    for code, area in chosen.items():
        own = [one for one in structures if one.departement == code]
        if own:
            listed_here = tuple(_listed(one, labels[one.population]) for one in own)
            yield Directory(typography(f"{area.label} ({code})"), listed_here)


def _listed(structure: Structure, population: str) -> Listed:
    return Listed(typography(structure.commune), typography(structure.name), population)


def _summary(subject: Subject) -> str:
    """One sentence: place, data year, first key figures."""
    figures = [
        f"{_lower(figure.label)}{NO_BREAK}: {figure.cell.text}"
        for block in _key_figures(subject)
        if isinstance(block, KeyFigures)
        for figure in block.figures[:3]
        if figure.cell.kind is CellKind.VALUE
    ][:3]
    year = subject.edition.vintage.data_year
    beginning = f"{capital(subject_of(subject.edition))}, {subject.area.label}, données {year}"
    return typography(f"{beginning}. {capital(' ; '.join(figures))}." if figures else beginning)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

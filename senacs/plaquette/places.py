"""Where the structures are: the map, and the table behind it."""

from senacs.french import counted, listed, typography
from senacs.plaquette.model import Cell, CellKind, Column, Map, MapValue, Row, Section, Table
from senacs.plaquette.subject import UNKNOWN_AREA, Subject
from senacs.vintages.model import Area

_TABLE = "carte-tableau"
_NAMED = 3


def map_section(subject: Subject) -> Section:
    """The map of the area's surroundings, or of all that the vintage is about."""
    return Section("carte", "La carte", (_map(subject), _table(subject)))


def _map(subject: Subject) -> Map:
    name = subject.layout.mapped
    indicator = subject.indicators[name]
    population = subject.counted_of(name)
    framed = () if subject.is_whole else tuple(area.code for area in _surroundings(subject))
    if len(framed) == 1 or any(code.startswith("97") for code in framed):
        framed = ()
    told = [
        area
        for area in subject.edition.areas.values()
        if area.level == "departement"
        and area.code != UNKNOWN_AREA
        and (not framed or area.code in framed)
    ]
    year = subject.edition.vintage.data_year
    return Map(
        "carte-departements",
        typography(f"{indicator.label} par département, {year}"),
        typography(
            f"Nombre de {indicator.unit} par département. Les nombres suivent aussi la taille des "
            "départements : ce n'est pas un taux."
        ),
        _alternative(subject, name, population),
        indicator.unit,
        tuple(
            MapValue(area.code, typography(area.label), subject.cell(name, population, area))
            for area in told
        ),
        () if subject.is_whole else tuple(area.code for area in subject.departements),
        framed,
        _TABLE,
    )


def _surroundings(subject: Subject) -> tuple[Area, ...]:
    """The départements that the table tells of: the area's own, or a département's peers."""
    return subject.peers if subject.area.level == "departement" else subject.departements


def _alternative(subject: Subject, name: str, population: str) -> str:
    cells: list[tuple[Area, Cell]] = [
        (area, subject.cell(name, population, area)) for area in _surroundings(subject)
    ]
    shown = [(area, cell) for area, cell in cells if cell.kind is CellKind.VALUE]
    ranked = sorted(shown, key=lambda one: -(one[1].number or 0))[:_NAMED]
    departements = counted(len(cells), "département", "départements")
    said = [f"{area.label} ({cell.text})" for area, cell in ranked]
    most = f" Les plus grands nombres : {listed(said)}." if said else ""
    own = subject.cell(name, population)
    here = f" {subject.area.label} : {own.text}." if own.kind is CellKind.VALUE else ""
    return typography(f"Carte de {departements}.{here}{most}")


def _table(subject: Subject) -> Table:
    """A line a département: how many of each population are in scope, and how many answered."""
    collection = subject.edition.collection
    name = subject.layout.mapped
    shown = [name, *(one for one in subject.layout.pooled_figures if one != name)]
    several = len(collection.populations) > 1
    columns = [
        (one, population, Column(label if several else "", subject.indicators[one].label))
        for population, label in collection.populations.items()
        if population in subject.populations
        for one in shown
    ]
    areas = [*_surroundings(subject), *([] if subject.is_whole else subject.holders)]
    areas += [subject.edition.whole] if subject.is_whole else []
    return Table(
        _TABLE,
        typography(f"Les nombres de la carte, {subject.edition.vintage.data_year}"),
        "Territoire",
        tuple(Column(typography(c.group), typography(c.label)) for _, _, c in columns),
        tuple(
            Row(
                typography(area.label),
                tuple(subject.cell(one, population, area) for one, population, _ in columns),
                area=area,
                strong=area == subject.area,
            )
            for area in areas
        ),
    )

"""The words of the sheet « se situer »."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from senacs import french
from senacs.codebook.model import Indicator, Statistic
from senacs.french import NO_BREAK, typography
from senacs.press import (
    Block,
    Cell,
    Column,
    Document,
    Paragraph,
    Row,
    Section,
    Table,
    Tile,
    Tiles,
    typeset,
)
from senacs.structure_sheet.own import OwnAnswers
from senacs.structure_sheet.position import Mark, Place, Position, places_of, positions
from senacs.vintages.model import Edition, Kind, Status

HIDDEN = "s"
_NOTHING = "–"
_SIMULATED = "Données simulées : structure et réponses inventées"
_KINDS = {Kind.PROVISIONAL: "provisoire", Kind.FINAL: "définitive"}
_OF_STRUCTURES = "Part des structures "
_TILES = 6
_NAMES = {Statistic.MEDIAN: "médiane", Statistic.MEAN: "moyenne", Statistic.TOTAL: "moyenne"}
_READING = typography(
    "Vous : la réponse de la structure, telle qu'elle est entrée dans les chiffres. « … » : part "
    "des structures ; « oui » ou « non » : la vôtre est, ou n'est pas, de celles-là. Les autres "
    "colonnes : part, moyenne, médiane ou rapport des structures de même nature qui ont répondu ; "
    f"un total y est rapporté au nombre de réponses. {HIDDEN} : secret statistique. {_NOTHING} : "
    "rien n'est publié ici. Les semblables (même type de territoire, même taille d'équipe) sont "
    "ceux de l'ensemble : par département, ces chiffres ne sont pas publiés. Être au-dessus ou "
    "au-dessous des autres n'est ni bien ni mal : les chiffres décrivent, ils ne notent pas."
)


def structure_sheet(edition: Edition, own: OwnAnswers) -> bytes:
    """The sheet of one structure as PDF/UA: its own answers beside what is published.

    Nobody but the structure, and those who may read its answers, may be given it.

    Raises:
        PressError: it cannot be set.
    """
    return typeset(_document(edition, own))


def _document(edition: Edition, own: OwnAnswers) -> Document:
    vintage = edition.vintage
    collection = edition.collection
    population = collection.populations.get(own.population, own.population)
    found = positions(edition, own)
    number = f"édition {_KINDS[vintage.kind]} nº{NO_BREAK}{vintage.number}"
    return Document(
        title=typography(f"Se situer : {own.name}"),
        subtitle=f"{population}, données {vintage.data_year}",
        author=collection.label,
        subject=typography(
            f"{own.name} parmi les structures comparables, d'après les chiffres publiés."
        ),
        running_head=typography(own.name),
        edition=f"Données {vintage.data_year} · {number}",
        facts=(
            ("Identifiant", own.unit_id),
            ("Chiffres comparés", f"{vintage.name}, publiés le {french.day(vintage.released_on)}"),
        ),
        warning=typography(_SIMULATED) if collection.simulated else "",
        dated=vintage.released_on,
        blocks=tuple(_blocks(edition, own, found)),
        cover=False,
    )


def _blocks(edition: Edition, own: OwnAnswers, found: Sequence[Position]) -> Iterator[Block]:
    yield Paragraph(
        typography(
            "Pour la structure seule : ses propres réponses y sont. Les autres colonnes sont des "
            "chiffres publiés ; aucune réponse d'une autre structure n'y est."
        ),
        "warning",
    )
    tiles = tuple(_tiles(edition, found))
    if tiles:
        yield Section("Vos repères", (Tiles(tiles),))
    beside: Block = Paragraph(typography("Aucune réponse de la structure n'a de chiffre publié."))
    if found:
        beside = _table(edition, places_of(edition, own), found)
    yield Section("Vous et les autres", (beside,))


def _tiles(edition: Edition, found: Sequence[Position]) -> Iterator[Tile]:
    """What the structure said to the key items, beside the narrowest place that shows a figure."""
    items = {name for rule in edition.collection.respondents for name in rule.key_items}
    shown = 0
    for one in found:
        indicator = one.indicator
        if indicator.variable not in items or indicator.statistic not in _NAMES:
            continue
        mark = next((mark for mark in one.marks if mark.value is not None), None)
        variable = edition.collection.variable_by_name[indicator.variable]
        beside = []
        if mark is not None and mark.value is not None:
            name = f"{_NAMES[indicator.statistic]}, {mark.place.label}"
            beside = [typography(f"{name} : {_figure(indicator, mark.value)}")]
        yield Tile(_own(one), typography(variable.label), beside)
        shown += 1
        if shown == _TILES:
            return


def _table(edition: Edition, places: Sequence[Place], found: Sequence[Position]) -> Table:
    rows: list[Position] = []
    groups = []
    for theme, label in edition.collection.themes.items():
        of_theme = [one for one in found if one.indicator.theme == theme]
        if of_theme:
            groups.append((len(rows), typography(label)))
            rows += of_theme
    return Table(
        caption="",
        stub="Indicateur",
        columns=(
            Column("Vous", strong=True),
            *(Column(typography(place.label), width=1.15) for place in places),
        ),
        rows=tuple(
            Row(
                Cell(_label(one.indicator)),
                (Cell(_own(one)), *(Cell(_mark(one, mark)) for mark in one.marks)),
            )
            for one in rows
        ),
        stub_width=4.4,
        notes=(_READING,),
        groups=tuple(groups),
        small=True,
    )


def _label(indicator: Indicator) -> str:
    """Its label; what all shares begin with is said once, by the legend."""
    return typography(indicator.label.replace(_OF_STRUCTURES, "… ", 1))


def _own(one: Position) -> str:
    if one.indicator.statistic is Statistic.SHARE:
        return "oui" if one.own else "non"
    if one.indicator.statistic is Statistic.RATIO or one.indicator.unit == "€":
        return _figure(one.indicator, one.own)
    return french.number(round(float(one.own), max(one.indicator.decimals, 2)))


def _mark(one: Position, mark: Mark) -> str:
    if mark.status is Status.HIDDEN:
        return HIDDEN
    return _NOTHING if mark.value is None else _figure(one.indicator, mark.value)


def _figure(indicator: Indicator, value: Decimal) -> str:
    decimals = indicator.decimals
    if indicator.statistic is Statistic.TOTAL:
        decimals = max(decimals, 1)
    return french.quantity(float(value), indicator.unit, decimals)

"""The plaquette in print: the same content as its page, as a document of the press.

It adds form and a colophon, no figure. Tables are cut where a page is too narrow for them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil

from senacs import press
from senacs.french import NARROW, NO_BREAK, typography
from senacs.plaquette import model
from senacs.vintages.model import Edition

Draw = Callable[[model.Chart | model.Map], str]
"""A chart or a map as SVG."""

_LINE = 113.0
"""Digits of the table's type that fit beside each other on a page."""
_STUB = 26.0
"""Of these, what the names of the lines have at least; at most twice as much."""
_LEAST = 5.0
_GAP = 2.0
_SMALL_PRINT = 0.77
_NARROW = {" ": 0.42, NO_BREAK: 0.42, NARROW: 0.42, ",": 0.5, "/": 0.7}
"""Of the font: how wide a letter is, in digits, where it is much narrower than one."""
_MANY_LINES = 30
_MANY_BARS = 10
_ENOUGH_TO_CUT = 4
_ANNEX = "Annexe"


def plaquette_pdf(edition: Edition, plaquette: model.Plaquette, draw: Draw) -> bytes:
    """The plaquette of an area as tagged PDF: the same edition gives the same bytes.

    Raises:
        PressError: it cannot be set.
    """
    return press.typeset(printed(edition, plaquette, draw))


def printed(edition: Edition, plaquette: model.Plaquette, draw: Draw) -> press.Document:
    """What the press makes the PDF of."""
    vintage = edition.vintage
    behind = _long_tables_behind_maps(plaquette)
    sections = [
        press.Section(section.title, tuple(_blocks(section, draw, behind)))
        for section in plaquette.sections
    ]
    if behind:
        annex = [part for table in behind.values() for part in _tables(table)]
        sections.append(press.Section(_ANNEX, tuple(annex), new_page=True))
    return press.Document(
        title=plaquette.title,
        subtitle=plaquette.subject,
        author=edition.collection.label,
        subject=plaquette.summary,
        running_head=f"{plaquette.subject} · {plaquette.title}",
        edition=plaquette.dating,
        facts=(
            ("Territoire", plaquette.title),
            ("Année décrite", str(vintage.data_year)),
            ("Édition", plaquette.dating),
            ("Millésime", vintage.name),
        ),
        warning=plaquette.simulated,
        dated=vintage.released_on,
        lead=plaquette.summary,
        blocks=(*sections, _colophon(edition, plaquette)),
    )


def _long_tables_behind_maps(plaquette: model.Plaquette) -> dict[str, model.Table]:
    """They would part the map from the key figures by pages: print has them at its end."""
    maps = {
        block.table
        for section in plaquette.sections
        for block in section.blocks
        if isinstance(block, model.Map)
    }
    return {
        name: table
        for name, table in plaquette.tables.items()
        if name in maps and len(table.rows) > _MANY_LINES
    }


def _blocks(
    section: model.Section, draw: Draw, behind: Mapping[str, model.Table]
) -> Iterator[press.Block]:
    for is_chart, blocks in groupby(section.blocks, lambda one: isinstance(one, model.Chart)):
        if is_chart:
            yield from _rows([one for one in blocks if isinstance(one, model.Chart)], draw)
            continue
        for block in blocks:
            yield from _block(block, draw, behind)


def _block(
    block: model.Block, draw: Draw, behind: Mapping[str, model.Table]
) -> Iterator[press.Block]:
    match block:
        case model.Paragraph():
            yield press.Paragraph(block.text)
        case model.KeyFigures():
            yield from _tiles(block)
        case model.Table() if block.name not in behind:
            yield from _tables(block)
        case model.Map():
            at_the_end = f"Les nombres : voir {_ANNEX}." if block.table in behind else ""
            note = typography(f"{block.caption} {at_the_end}".strip())
            yield press.Picture(draw(block), block.alternative, block.title, note=note)
        case model.Directory():
            yield _directory(block)


def _rows(charts: Sequence[model.Chart], draw: Draw) -> Iterator[press.Beside]:
    """Charts two by two, in their order; one that is long, or has nobody beside it, is cut."""
    waiting: list[model.Chart] = []
    for number, chart in enumerate(charts):
        long = len(chart.series[0].points) > _MANY_BARS
        last = number == len(charts) - 1 or len(charts[number + 1].series[0].points) > _MANY_BARS
        if waiting and not long:
            yield _beside([*waiting, chart], draw)
            waiting = []
        elif long or last:
            yield _beside(_halves(chart), draw)
        else:
            waiting = [chart]


def _beside(charts: Sequence[model.Chart], draw: Draw) -> press.Beside:
    left, *right = (press.Picture(draw(one), one.alternative, one.title) for one in charts)
    return press.Beside(left, right[0] if right else None)


def _halves(chart: model.Chart) -> tuple[model.Chart, ...]:
    """Bars of shares are all drawn on the whole, so half of them may stand beside the rest."""
    count = len(chart.series[0].points)
    if chart.form is not model.Form.BARS or chart.unit != "%" or count < _ENOUGH_TO_CUT:
        return (chart,)
    half = ceil(count / 2)
    rest = replace(
        _piece(chart, half, count),
        title=f"{chart.title} (suite)",
        alternative=typography(f"Suite du diagramme : {chart.title}."),
    )
    return _piece(chart, 0, half), rest


def _piece(chart: model.Chart, start: int, end: int) -> model.Chart:
    series = tuple(replace(one, points=one.points[start:end]) for one in chart.series)
    return replace(chart, name=f"{chart.name}-{start}", series=series)


def _tiles(figures: model.KeyFigures) -> Iterator[press.Tiles]:
    """Those of one population together, below its name."""
    populations = dict.fromkeys(figure.population for figure in figures.figures)
    for population in populations:
        yield press.Tiles(
            tuple(_tile(one) for one in figures.figures if one.population == population),
            population,
        )


def _tile(figure: model.KeyFigure) -> press.Tile:
    compared = [
        typography(f"{name} : {cell.text}")
        for name, cell in figure.compared
        if cell.kind is model.CellKind.VALUE
    ]
    base = [typography(f"Base : {figure.cell.base}")] if figure.cell.base else []
    return press.Tile(figure.cell.text, figure.label, (*compared, *base))


def _tables(table: model.Table) -> Iterator[press.Table]:
    """The table; where it is too wide, one after another with the same lines."""
    *before, last = _runs([_width(table, i) for i in range(len(table.columns))])
    for start, end in before:
        yield replace(_part(table, start, end), notes=())
    part = _part(table, *last)
    yield replace(part, caption=typography(f"{table.title} (suite)")) if before else part


def _part(table: model.Table, start: int, end: int) -> press.Table:
    widths = [_width(table, i) for i in range(start, end)]
    return press.Table(
        caption=table.title,
        stub=table.stub,
        columns=tuple(
            press.Column(column.label, column.group, width=width)
            for column, width in zip(table.columns[start:end], widths, strict=True)
        ),
        rows=tuple(
            press.Row(
                press.Cell(row.label, row.note),
                tuple(press.Cell(cell.text, cell.base) for cell in row.cells[start:end]),
                row.strong,
            )
            for row in table.rows
        ),
        stub_width=max(_STUB, min(2 * _STUB, _LINE - sum(widths))),
        notes=table.notes,
        small=len(table.rows) > _MANY_LINES,
    )


def _width(table: model.Table, column: int) -> float:
    """What a column needs, in digits: no word and no figure of it is broken."""
    head = max(_digits(word) for word in table.columns[column].label.split(" "))
    cells = [row.cells[column] for row in table.rows]
    texts = (_digits(cell.text) for cell in cells)
    bases = (_SMALL_PRINT * _digits(cell.base) for cell in cells)
    return max(_LEAST, head, *texts, *bases) + _GAP


def _digits(text: str) -> float:
    return sum(_NARROW.get(letter, 1.0) for letter in text)


def _runs(widths: Sequence[float]) -> list[tuple[int, int]]:
    """As few runs of columns as fit beside the names of the lines, of about as many each.

    As (first, after last); a column that is too wide by itself is a run.
    """
    for most in range(len(widths), 1, -1):
        runs = [(i, min(i + most, len(widths))) for i in range(0, len(widths), most)]
        if all(sum(widths[start:end]) <= _LINE - _STUB for start, end in runs):
            size = ceil(len(widths) / len(runs))
            return [(i, min(i + size, len(widths))) for i in range(0, len(widths), size)]
    return [(i, i + 1) for i in range(len(widths))]


def _directory(directory: model.Directory) -> press.Table:
    return press.Table(
        caption=directory.title,
        stub="Structure",
        columns=(
            press.Column("Commune", text=True, width=2),
            press.Column("Nature", text=True, width=1.4),
        ),
        rows=tuple(
            press.Row(press.Cell(one.name), (press.Cell(one.commune), press.Cell(one.population)))
            for one in directory.structures
        ),
        small=True,
    )


def _colophon(edition: Edition, plaquette: model.Plaquette) -> press.Section:
    vintage = edition.vintage
    sentences = (
        f"{edition.collection.label} : {plaquette.title}. {plaquette.dating}, millésime "
        f"{vintage.name}. Licence : {edition.collection.licence}.",
        "Composé en Source Sans 3, d'Adobe (licence SIL Open Font 1.1). PDF balisé, lisible "
        "par les lecteurs d'écran (PDF/UA-1).",
    )
    return press.Section(
        "Pour citer ce document",
        tuple(press.Paragraph(typography(sentence), "note") for sentence in sentences),
    )

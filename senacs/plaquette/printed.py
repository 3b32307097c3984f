"""The plaquette in print: the same content as its page, as a document of the press.

It adds form and a colophon, no figure. Tables are cut where a page is too narrow for them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from senacs import press
from senacs.french import typography
from senacs.plaquette import model
from senacs.vintages.model import Edition

Draw = Callable[[model.Chart | model.Map], str]
"""A chart or a map as SVG."""

_LINE = 122
"""Digits of the table's type that fit beside each other on a page."""
_STUB = 30
"""Of these, what the names of the lines have at least."""
_GAP = 2
_SMALL_PRINT = 0.8
_MANY_LINES = 30


def plaquette_pdf(edition: Edition, plaquette: model.Plaquette, draw: Draw) -> bytes:
    """The plaquette of an area as tagged PDF: the same edition gives the same bytes.

    Raises:
        PressError: it cannot be set.
    """
    return press.typeset(printed(edition, plaquette, draw))


def printed(edition: Edition, plaquette: model.Plaquette, draw: Draw) -> press.Document:
    """What the press makes the PDF of."""
    vintage = edition.vintage
    sections = [
        press.Section(section.title, tuple(_blocks(section, draw)))
        for section in plaquette.sections
    ]
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
        blocks=(*sections, _colophon(edition, plaquette)),
    )


def _blocks(section: model.Section, draw: Draw) -> Iterator[press.Block]:
    for block in section.blocks:
        match block:
            case model.Paragraph():
                yield press.Paragraph(block.text)
            case model.KeyFigures():
                yield from _tiles(block)
            case model.Table():
                yield from _tables(block)
            case model.Chart():
                yield press.Picture(draw(block), block.alternative, block.title)
            case model.Map():
                yield press.Picture(draw(block), block.alternative, block.title, note=block.caption)
            case model.Directory():
                yield _directory(block)


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
    parts = list(_cut([_width(table, i) for i in range(len(table.columns))]))
    for number, (start, end) in enumerate(parts):
        part = _part(table, start, end)
        if number:
            part = replace(part, caption=typography(f"{table.title} (suite)"))
        yield part if number == len(parts) - 1 else replace(part, notes=())


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
        stub_width=max(_STUB, min(2.0 * _STUB, _LINE - sum(widths))),
        notes=table.notes,
        small=len(table.rows) > _MANY_LINES,
    )


def _width(table: model.Table, column: int) -> float:
    """What a column needs, in digits: no word and no figure of it is broken."""
    head = max(len(word) for word in table.columns[column].label.split(" "))
    cells = [row.cells[column] for row in table.rows]
    texts = [len(cell.text) for cell in cells]
    bases = [_SMALL_PRINT * len(cell.base) for cell in cells]
    return max(head, *texts, *bases, 5) + _GAP


def _cut(widths: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Runs of columns that fit on a page beside the names of the lines, as (first, after last)."""
    start, taken = 0, 0.0
    for column, width in enumerate(widths):
        if column > start and taken + width > _LINE - _STUB:
            yield start, column
            start, taken = column, 0.0
        taken += width
    yield start, len(widths)


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

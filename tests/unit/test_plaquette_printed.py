"""Plaquettes in print: all that the page says, on pages that everybody can read."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senacs import press
from senacs.plaquette import model
from senacs.plaquette.content import plaquettes
from senacs.plaquette.drawing import Drawing
from senacs.plaquette.printed import plaquette_pdf, printed
from senacs.vintages.model import Edition
from tests.support.editions import edition
from tests.support.outlines import outline
from tests.support.pdfs import faults, misplaced, pages

DRAW = Drawing(outline())
WIDEST = 113
NARROWEST = 26


@cache
def some(data_year: int) -> Edition:
    """The islands, Guyane and what is around Paris; until 2015 with old regions."""
    return edition(data_year, ("2A", "2B", "75", "92", "973"), (data_year - 1,))


@cache
def content(data_year: int) -> dict[tuple[str, str], model.Plaquette]:
    return {(one.area.level, one.area.code): one for one in plaquettes(some(data_year))}


def blocks(of: press.Document | press.Section) -> Iterator[press.Block]:
    for block in of.blocks:
        yield block
        if isinstance(block, press.Section):
            yield from blocks(block)


AREAS = [
    (2023, ("surveyed", "*")),
    (2023, ("departement", "973")),
    (2014, ("region_today", "11")),
    (2014, ("departement", "2A")),
]


@pytest.mark.parametrize(("data_year", "area"), AREAS)
def test_a_plaquette_is_readable_and_nothing_of_it_leaves_the_page(
    data_year: int, area: tuple[str, str]
) -> None:
    plaquette = content(data_year)[area]
    made = plaquette_pdf(some(data_year), plaquette, DRAW)
    assert faults(made) == []
    assert misplaced(made) == []
    told = pages(made)
    assert 8 <= len(told) <= 25
    for number, text in enumerate(told, start=1):
        assert "Données simulées" in text
        assert f"{number} / {len(told)}" in text
    assert some(data_year).vintage.name in told[0]
    assert plaquette.title in told[0]


def test_real_data_is_not_called_simulated() -> None:
    plaquette = replace(content(2023)["departement", "92"], simulated="")
    real = some(2023).collection.model_copy(update={"simulated": False, "provenance": "X"})
    document = printed(replace(some(2023), collection=real), plaquette, DRAW)
    assert not any("imul" in text for text in pages(press.typeset(replace(document, blocks=()))))


def test_every_figure_of_the_page_is_in_print() -> None:
    plaquette = content(2023)["departement", "92"]
    document = printed(some(2023), plaquette, DRAW)
    tables = [one for one in blocks(document) if isinstance(one, press.Table)]
    cells = [
        (row.label.text, cell.text, cell.under)
        for one in tables
        for row in one.rows
        for cell in row.cells
    ]
    for table in plaquette.tables.values():
        for row in table.rows:
            for cell in row.cells:
                cells.remove((row.label, cell.text, cell.base))
    listed = [b for s in plaquette.sections for b in s.blocks if isinstance(b, model.Directory)]
    assert len(cells) == 2 * sum(len(one.structures) for one in listed)
    tiles = [t for one in blocks(document) if isinstance(one, press.Tiles) for t in one.tiles]
    large = [f for s in plaquette.sections for b in s.blocks
             if isinstance(b, model.KeyFigures) for f in b.figures]  # fmt: skip
    assert [one.figure for one in tiles] == [one.cell.text for one in large]


def test_every_chart_is_drawn_once_in_its_order_with_its_points() -> None:
    drawn: list[model.Chart] = []

    def noting(block: model.Chart | model.Map) -> str:
        if isinstance(block, model.Chart):
            drawn.append(block)
        return DRAW(block)

    plaquette = content(2023)["departement", "92"]
    printed(some(2023), plaquette, noting)
    charts = [b for s in plaquette.sections for b in s.blocks if isinstance(b, model.Chart)]
    points = [[p for series in one.series for p in series.points] for one in charts]
    assert sorted(p.label for one in points for p in one) == sorted(
        p.label for one in drawn for series in one.series for p in series.points
    )
    titles = [one.title for one in drawn if not one.title.endswith("(suite)")]
    assert titles == [one.title for one in charts]
    assert all(len(one.series[0].points) <= 10 for one in drawn)


def table_of(texts: list[str]) -> model.Table:
    cells = tuple(model.Cell(model.CellKind.VALUE, one, "1", Decimal(1)) for one in texts)
    columns = tuple(model.Column("Groupe", f"C{i}") for i in range(len(texts)))
    return model.Table("essai", "Essai", "Ligne", columns, (model.Row("L", cells),))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text("0123456789\u202f€%,", min_size=1, max_size=60), min_size=1, max_size=40))
def test_a_table_of_any_width_fits_and_loses_no_column(texts: list[str]) -> None:
    plaquette = replace(
        content(2023)["departement", "92"],
        sections=(model.Section("essai", "Essai", (table_of(texts),)),),
    )
    parts = [b for b in blocks(printed(some(2023), plaquette, DRAW)) if isinstance(b, press.Table)]
    assert [cell.text for part in parts for cell in part.rows[0].cells] == texts
    for part in parts:
        taken = sum(column.width for column in part.columns)
        assert len(part.columns) == 1 or taken <= WIDEST - NARROWEST
        assert part.stub_width >= NARROWEST
        assert all(column.group == "Groupe" for column in part.columns)


def test_what_was_printed_before_does_not_matter() -> None:
    order = [("departement", "973"), ("departement", "92")]
    edition_of, areas = some(2023), content(2023)
    first = {key: plaquette_pdf(edition_of, areas[key], DRAW) for key in order}
    again = {key: plaquette_pdf(edition_of, areas[key], DRAW) for key in reversed(order)}
    assert first == again

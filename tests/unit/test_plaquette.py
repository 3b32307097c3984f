"""What plaquettes say: their order, their bases, and never what is hidden."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from xml.etree import ElementTree

import pytest

from senacs.codebook import load_collection
from senacs.errors import CodebookError
from senacs.plaquette import layout as layouts
from senacs.plaquette.charts import chart_svg
from senacs.plaquette.content import plaquette, plaquettes
from senacs.plaquette.drawing import Drawing
from senacs.plaquette.model import (
    Cell,
    CellKind,
    Chart,
    Directory,
    Form,
    KeyFigures,
    Map,
    MapValue,
    Paragraph,
    Plaquette,
    Point,
    Series,
    Table,
)
from senacs.plaquette.wording import cell
from senacs.settings import PROJECT_ROOT
from senacs.vintages.model import EVERYTHING, Area, Edition, Figure, FigureKey, Status
from tests.support.editions import edition
from tests.support.outlines import outline

ORDER = [
    "carte", "reperes", "portrait", "publics-et-actions", "partenariats", "vie-democratique",
    "ressources-humaines", "finances", "evolution", "comparaison", "structures", "methode",
]  # fmt: skip


@cache
def drawn(year: int = 2023) -> Edition:
    return edition(year, departements=("75", "92", "93", "2A", "2B", "973"))


@cache
def of(code: str, year: int = 2023) -> Plaquette:
    made = drawn(year)
    return plaquette(made, made.areas["departement", code])


def blocks(one: Plaquette, kind: type) -> list:
    return [block for section in one.sections for block in section.blocks if type(block) is kind]


class TestOrder:
    def test_a_departement_has_the_sections_of_the_printed_ones(self):
        assert [section.name for section in of("92").sections] == ORDER

    def test_a_region_is_broken_down_too(self):
        made = drawn()

        names = [s.name for s in plaquette(made, made.areas["region", "11"]).sections]

        assert names == [*ORDER[:10], "types", *ORDER[10:]]

    def test_every_area_has_one(self):
        assert [one.area for one in plaquettes(drawn())] == list(drawn().areas.values())

    def test_an_area_without_a_name_has_none(self):
        made = drawn()
        unknown = Area("departement", "ZZ", "Non connu", (made.whole.level, made.whole.code))
        areas = {**made.areas, ("departement", "ZZ"): unknown}

        assert unknown not in [one.area for one in plaquettes(replace(made, areas=areas))]

    def test_names_are_unique_and_what_is_drawn_has_its_table(self):
        for one in plaquettes(drawn()):
            named = [*blocks(one, Table), *blocks(one, Chart), *blocks(one, Map)]
            names = [block.name for block in named] + [section.name for section in one.sections]
            assert len(set(names)) == len(names)
            assert {b.table for b in blocks(one, Chart) + blocks(one, Map)} <= set(one.tables)


class TestAreas:
    def test_old_regions_are_beside_those_of_today(self):
        made = drawn(2014)
        corse = made.areas["departement", "2A"]

        (table, *_) = [t for t in blocks(plaquette(made, corse), Table)
                       if t.name.startswith("comparaison")]  # fmt: skip

        assert [c.area.level for c in table.columns if c.area] == [
            "departement", "region", "region_today", "surveyed",
        ]  # fmt: skip

    def test_neighbours_are_those_of_the_region(self):
        table = of("92").tables["voisins-cs"]

        assert [row.area.code for row in table.rows if row.area] == ["75", "92", "93", "11", "*"]
        assert [row.label for row in table.rows if row.strong] == ["Hauts-de-Seine"]

    def test_a_partial_collection_is_never_called_france(self):
        for one in plaquettes(drawn()):
            assert one.title != "France"
            tables = blocks(one, Table)
            said = {c.label for t in tables for c in t.columns} | {
                row.label for t in tables for row in t.rows
            }
            assert "France" not in said

    def test_the_map_of_a_region_tells_of_its_departements(self):
        (shown,) = blocks(of("92"), Map)

        assert [value.code for value in shown.values] == ["75", "92", "93"]
        assert shown.highlighted == ("92",)

    def test_a_region_of_one_overseas_is_on_the_map_of_all(self):
        (shown,) = blocks(of("973"), Map)

        assert shown.framed == ()
        assert shown.highlighted == ("973",)


class TestHidden:
    def test_neither_value_nor_base_is_shown(self):
        indicator = next(i for i in drawn().collection.indicators if i.statistic == "mean")
        key = FigureKey(indicator.indicator, "CS", "departement", "92")

        shown = cell(Figure(key, Status.HIDDEN, 12, 9), indicator)

        assert shown == Cell(CellKind.HIDDEN, "s")

    def test_nobody_answered_nobody_concerned_not_asked_and_zero_differ(self):
        indicator = next(i for i in drawn().collection.indicators if i.unit == "heures")
        key = FigureKey(indicator.indicator, "CS", "departement", "92")
        told = (
            Figure(key, Status.NO_ANSWER, 12, 9, 9, 0),
            Figure(key, Status.NO_BASE, 12, 9, 0, 0),
            None,
            Figure(key, Status.VALUE, 12, 9, 9, 9, Decimal(0)),
        )

        kinds = [cell(one, indicator).kind for one in told]

        assert kinds == ["unanswered", "empty", "absent", "value"]

    def test_a_value_that_hides_nowhere_else(self):
        """Change what is hidden: nothing that is said may change with it."""
        made = drawn()
        area = made.areas["departement", "92"]
        smuggled = {
            key: replace(one, value=Decimal(987654)) if one.status is Status.HIDDEN else one
            for key, one in made.frozen.figures.items()
        }
        frozen = replace(made.frozen, figures=smuggled)

        assert plaquette(replace(made, frozen=frozen), area) == of("92")

    def test_every_value_in_a_table_of_indicators_has_its_base(self):
        for one in blocks(of("92"), Table):
            if one.stub == "Indicateur":
                cells = [c for row in one.rows for c in row.cells if c.kind is CellKind.VALUE]
                assert all(c.base for c in cells)


class TestSaid:
    def test_simulated_is_said(self):
        assert "simulées" in of("92").simulated
        assert "simulées" in blocks(of("92"), Paragraph)[1].text

    def test_structures_are_listed_by_departement(self):
        listed = blocks(of("92"), Directory)

        assert [one.title for one in listed] == ["Hauts-de-Seine (92)"]
        assert len(listed[0].structures) == 12

    def test_key_figures_are_of_one_population_each(self):
        for block in blocks(of("92"), KeyFigures):
            assert len({one.population for one in block.figures}) == 1

    def test_text_is_typeset(self):
        for block in blocks(of("92"), Paragraph):
            assert not re.search(r" [:;?!%€]|«(?!\N{NO-BREAK SPACE})|\w'\w", block.text)

    def test_twice_is_the_same(self):
        again = edition(2023, departements=("75", "92", "93", "2A", "2B", "973"))

        assert plaquette(again, again.areas["departement", "92"]) == of("92")


class TestOtherCollections:
    @pytest.mark.parametrize("name", ["adulte_relais", "fonjep", "registre"])
    def test_they_come_out_too(self, name):
        made = drawn()
        declared = load_collection(PROJECT_ROOT / "codebook", name)
        figures = {
            key: Figure(key, Status.VALUE, 12, 12, 12, 12, Decimal(12))
            for area in made.areas.values()
            for indicator in declared.indicators
            for population in declared.populations
            for key in [
                FigureKey(indicator.indicator, population, area.level, area.code, EVERYTHING)
            ]
        }
        vintage = replace(made.vintage, collection=name)
        frozen = replace(made.frozen, vintage=vintage, figures=figures)
        other = replace(made, collection=declared, frozen=frozen, earlier=(), structures=())

        shown = plaquette(other, other.areas["departement", "92"])

        names = [section.name for section in shown.sections]
        parts = [theme.replace("_", "-") for theme in declared.themes]
        assert names == ["carte", "reperes", *parts, "comparaison", "structures", "methode"]
        assert bool(shown.simulated) == declared.simulated

    def test_a_layout_names_nothing_that_is_not_declared(self):
        declared = load_collection(PROJECT_ROOT / "codebook", "senacs")
        without = declared.model_copy(update={"indicators": declared.indicators[1:]})

        with pytest.raises(CodebookError, match="perimetre"):
            layouts.layout_of(without)


def point(label: str, number: str | None, *, broken: bool = False) -> Point:
    kind = CellKind.HIDDEN if number is None else CellKind.VALUE
    value = None if number is None else Decimal(number)
    return Point(label, Cell(kind, number or "s", number=value), broken)


def chart(form: Form, *points: Point) -> Chart:
    series = (Series("Centres <sociaux>", points),)
    return Chart("c", form, "Titre & co", "%", "Ce qu'il montre.", series, "t")


class TestDrawings:
    def test_a_drawing_says_what_it_is_and_shows(self):
        for block in [*blocks(of("92"), Chart), *blocks(of("92"), Map)]:
            root = ElementTree.fromstring(Drawing(outline())(block))  # noqa: S314 - our own
            title, desc = root[0].text, root[1].text
            assert (title, desc) == (block.title, block.alternative)
            ids = [one.get("id") for one in root.iter() if one.get("id")]
            assert len(set(ids)) == len(ids)

    def test_what_is_hidden_has_no_bar(self):
        svg = chart_svg(chart(Form.BARS, point("a", "0.5"), point("b", None)))

        assert re.findall(r'width="([\d.]+)" height="13" fill="#12406f"', svg) == ["160.0"]

    def test_a_line_is_interrupted_by_a_break_and_by_what_is_missing(self):
        years = (point("2019", "0.1"), point("2020", "0.2"), point("2021", "0.3", broken=True),
                 point("2022", "0.4"), point("2023", None))  # fmt: skip

        svg = chart_svg(chart(Form.LINES, *years))

        assert len(re.findall(r'fill="none" stroke="#12406f"', svg)) == 2
        assert svg.count("<circle") == 4

    def test_text_is_escaped(self):
        ElementTree.fromstring(chart_svg(chart(Form.BARS, point("a & b", "1"))))  # noqa: S314

    def test_every_departement_is_on_the_map_with_what_it_shows(self):
        values = tuple(
            MapValue(code, f"D{code}", Cell(CellKind.VALUE, str(i), number=Decimal(i)))
            for i, code in enumerate(sorted(outline().paths))
        )
        shown = Map("m", "t", "c", "a", "structures", values, (), (), "x")

        titles = re.findall(r"<title>(.*?)</title>", Drawing(outline())(shown))

        assert titles == [f"D{v.code} ({v.code}) : {v.cell.text}" for v in values]

    def test_zero_hidden_and_nothing_look_different(self):
        cells = (Cell(CellKind.VALUE, "0", number=Decimal(0)), Cell(CellKind.HIDDEN, "s"),
                 Cell(CellKind.ABSENT, "–"))  # fmt: skip
        values = tuple(
            MapValue(c, c, one) for c, one in zip(("59", "62", "80"), cells, strict=True)
        )

        svg = Drawing(outline())(Map("m", "t", "c", "a", "structures", values, (), (), "x"))

        fills = [re.search(rf'id="m-{code}" fill="([^"]*)"', svg)[1] for code in ("59", "62", "80")]
        assert len(set(fills)) == 3
        assert "secret statistique" in svg

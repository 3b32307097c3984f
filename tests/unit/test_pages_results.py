"""The results site: bases beside figures, nothing hidden shown, partial never called France."""

from dataclasses import replace
from datetime import date

import pytest

from senacs import french
from senacs.codebook import load_collection
from senacs.deliveries import Outcome
from senacs.pages.choropleth import Outline, choropleth, class_bounds
from senacs.pages.disclosure import protected
from senacs.pages.figures import Figure, cell
from senacs.pages.results import TerritoryState, collection_html, collection_page, index_html
from senacs.settings import PROJECT_ROOT

OUTLINE = Outline("0 0 100 100", {"59": "M1,1 2,2 3,1Z", "48": "M4,4 5,5 6,4Z"},
                  {"59": "Nord", "48": "Lozère"})  # fmt: skip
FIGURE = Figure(
    data_year=2012, indicator="budget_cumule", theme_label="Finances", label="Budget cumulé",
    statistic="total", unit="€", decimals=0, headline=False, note="", population="CS",
    level="surveyed", area="*", area_label="Territoires enquêtés", parent="", n_scope=40,
    n_responded=33, n_base=33, n_item=31, value=14418200.0, confidential=False,
)  # fmt: skip
STATE = TerritoryState(2012, "92", Outcome.LOADED, "", loaded=True, received=date(2013, 7, 1),
                       file_name="s.csv", n_scope=40, n_responded=33)  # fmt: skip


def part(code: str, value: float | None, parent="*", level="departement", **given) -> Figure:
    return replace(
        FIGURE, level=level, area=code, area_label=code, parent=parent, value=value,
        n_item=int(value) if value is not None else None,
        n_base=None if value is None else 33, confidential=value is None, **given,
    )  # fmt: skip


def page(figures=(FIGURE,), states=(STATE,), name="senacs"):
    declared = load_collection(PROJECT_ROOT / "codebook", name)
    return collection_page(declared, list(figures), list(states), OUTLINE)


def html(*arguments, **given) -> str:
    made = page(*arguments, **given)
    return collection_html(made, [made]) + index_html([made])


class TestCells:
    def test_a_figure_has_its_base(self):
        shown = cell(FIGURE)

        assert shown.base.replace("\N{NO-BREAK SPACE}", "") == "31/33/40"
        assert shown.text.replace("\N{NARROW NO-BREAK SPACE}", "") == "14418200\N{NO-BREAK SPACE}€"

    def test_a_hidden_one_shows_neither_value_nor_base(self):
        hidden = replace(FIGURE, confidential=True, value=None, n_item=None, n_base=None)

        text = html(figures=[hidden])

        assert (cell(hidden).text, cell(hidden).base) == ("s", "")
        assert "secret statistique" in text
        assert "Aucun chiffre de cette page" not in text

    def test_nobody_answered_nobody_concerned_not_asked_and_zero_differ(self):
        unanswered = replace(FIGURE, value=None, n_item=0)

        assert cell(unanswered).kind == "unanswered"
        assert cell(replace(unanswered, n_base=0)).kind == "empty"
        assert cell(None).kind == "absent"
        assert cell(replace(FIGURE, value=0.0, unit="heures")).text == "0"

    def test_even_a_value_left_in_a_confidential_row_is_not_shown(self):
        text = html(figures=[replace(FIGURE, confidential=True)])

        assert "418" not in text


class TestDisclosure:
    def test_one_hidden_part_takes_another_with_it(self):
        figures = [FIGURE, part("01", 5.0), part("02", 3.0), part("03", None)]

        found = {f.area: f.confidential for f in protected(figures, {})}

        assert found == {"*": False, "01": False, "02": True, "03": True}

    def test_two_hidden_parts_are_enough(self):
        figures = [FIGURE, part("01", 5.0), part("02", None), part("03", None)]

        assert protected(figures, {}) == figures

    def test_a_whole_goes_where_no_other_part_can(self):
        figures = [FIGURE, part("01", None), part("02", 0.0)]

        assert {f.area: f.confidential for f in protected(figures, {})} == {
            "*": True, "01": True, "02": False,
        }  # fmt: skip

    def test_what_is_made_of_the_same_variable_goes_with_it(self):
        mean = {"indicator": "budget_moyen"}
        figures = [
            FIGURE, part("01", 5.0), part("02", 3.0), part("03", None),
            replace(FIGURE, **mean), part("01", 5.0, **mean), part("02", 3.0, **mean),
        ]  # fmt: skip

        names = dict.fromkeys(("budget_cumule", "budget_moyen"), "budget_total")

        assert [f.area for f in protected(figures, names) if f.confidential] == ["02", "03", "02"]

    def test_regions_are_totals_too(self):
        figures = [
            replace(FIGURE, level="france", area="FR"),
            part("11", 30.0, "*", "region"), part("32", 20.0, "*", "region"),
            part("75", 20.0, "11"), part("92", 10.0, "11"), part("59", 16.0, "32"),
            part("62", None, "32"),
        ]  # fmt: skip

        hidden = {f.area for f in protected(figures, {}) if f.confidential}

        assert hidden == {"62", "59"}


class TestWords:
    def test_a_partial_collection_is_not_france(self):
        text = html()

        assert "Territoires enquêtés" in text
        assert ">France<" not in text

    def test_years_with_different_perimeters_are_said_to_differ(self):
        states = [replace(STATE, data_year=2011, n_scope=24, n_responded=24), STATE]

        warning = page(states=states).perimeter_warning

        assert "n'ont pas le même périmètre" in warning
        assert "24\N{NO-BREAK SPACE}structures en 2011" in warning
        assert page().perimeter_warning == ""

    def test_a_refused_and_a_silent_territory_are_named(self):
        refused = replace(STATE, loaded=False, received=None, outcome=Outcome.REFUSED,
                          message="Le fichier <x> est vide.")  # fmt: skip
        failed = replace(STATE, outcome=Outcome.FAILED, loaded=False, received=None, data_year=2011)

        text = html(states=[refused, failed])

        assert "ichier refusé\N{NO-BREAK SPACE}: Le fichier &lt;x&gt; est vide." in text
        assert "’a pas livré" in text

    def test_a_failed_rerun_does_not_hide_what_is_loaded(self):
        text = html(states=[replace(STATE, outcome=Outcome.FAILED)])

        assert "reçu le 1er\N{NO-BREAK SPACE}juillet 2013" in text
        assert "la dernière collecte n’a pas abouti" in text

    def test_simulated_is_said_and_real_too(self):
        assert "Données simulées" in html()
        assert "Données simulées" not in html(figures=(), states=(), name="adulte_relais")

    def test_a_collection_without_data_has_a_page(self):
        assert "pas encore collecté" in html(figures=(), states=()).lower()


class TestMap:
    def shapes(self, **values):
        figures = [
            replace(FIGURE, level="departement", area=code, area_label=code, value=value)
            for code, value in values.items()
        ]
        made = choropleth(figures, OUTLINE, "poste", "postes")
        return {shape.code: shape for shape in made.shapes}, made

    def test_every_shape_has_a_title(self):
        shapes, _ = self.shapes(**{"59": 68.0})

        assert shapes["59"].title == "Nord (59) : 68\N{NO-BREAK SPACE}postes"
        assert shapes["48"].title == "Lozère (48) : aucune ligne livrée"

    def test_zero_is_not_no_data(self):
        shapes, made = self.shapes(**{"59": 0.0})

        assert (shapes["59"].css, shapes["48"].css) == ("k0", "none")
        assert [css for css, _ in made.legend] == ["k0", "none"]

    @pytest.mark.parametrize(
        ("values", "bounds"),
        [
            ([], []),
            ([7], [7]),
            ([1, 1, 1], [1]),
            ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
            ([12, 18, 31, 44, 58, 77, 104, 250, 379, 466], [18, 45, 75, 250, 466]),
        ],
    )
    def test_classes_are_round_and_hold_all(self, values, bounds):
        assert class_bounds(values) == bounds


class TestFrench:
    @pytest.mark.parametrize(
        ("made", "said"),
        [
            (french.counted(0, "ligne", "lignes"), "0~ligne"),
            (french.counted(2, "ligne", "lignes"), "2~lignes"),
            (french.day(date(2013, 3, 1)), "1er~mars 2013"),
            (french.size(999), "999~octets"),
            (french.size(12_400), "12~ko"),
            (french.size(2_000_000_000), "2,0~Go"),
            (french.typography("l'an : « oui » ?"), "l’an~: «~oui~»~?"),
            (french.listed(["a", "b", "c"]), "a, b et c"),
            (french.listed(["a"]), "a"),
        ],
    )
    def test_typography(self, made, said):
        assert made.replace("\N{NO-BREAK SPACE}", "~") == said

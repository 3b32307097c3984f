"""The front of the site: who was asked, who answered, which editions there are."""

from dataclasses import replace
from datetime import date

import pytest

from senacs import french
from senacs.codebook import load_collection
from senacs.deliveries import Outcome
from senacs.pages.choropleth import class_bounds
from senacs.pages.results import (
    Edition,
    TerritoryState,
    collection_html,
    collection_page,
    index_html,
)
from senacs.settings import PROJECT_ROOT

STATE = TerritoryState(2012, "92", Outcome.LOADED, "", loaded=True, received=date(2013, 7, 1),
                       file_name="s.csv", n_scope=40, n_responded=33)  # fmt: skip


EDITION = Edition(2012, "senacs-2012-v1", "Territoires enquêtés", "provisoire", date(2014, 1, 7),
                  "editions/senacs-2012-v1/index.html")  # fmt: skip


def page(states=(STATE,), editions=(EDITION,), name="senacs"):
    declared = load_collection(PROJECT_ROOT / "codebook", name)
    return collection_page(declared, list(states), list(editions))


def html(*arguments, **given) -> str:
    made = page(*arguments, **given)
    return collection_html(made, [made]) + index_html([made])


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
        assert "Données simulées" not in html(states=(), editions=(), name="adulte_relais")

    def test_a_collection_without_data_has_a_page(self):
        assert "pas encore collecté" in html(states=(), editions=()).lower()

    def test_an_edition_is_named_and_led_to(self):
        text = html()

        assert '<a href="editions/senacs-2012-v1/index.html">' in text
        assert "senacs-2012-v1, 7\N{NO-BREAK SPACE}janvier 2014" in text

    def test_where_none_is_published_it_says_so(self):
        assert "Aucune édition n’est encore publiée" in html(editions=())


class TestMap:
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

"""Codes of places, and how two spellings are found to be the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senacs.reading.folding import folded, spaceless
from senacs.territories import departement_code, departement_of_commune


@pytest.mark.parametrize(
    ("code", "departement"),
    [("92004", "92"), ("2A004", "2A"), ("2b033", "2B"), ("97411", "974"), ("98818", "988"),
     ("01004", "01"), ("97801", "978"), ("97150", "978"), ("97133", "971")],
)  # fmt: skip
def test_a_commune_lies_in_its_departement(code, departement):
    assert departement_of_commune(code) == departement


@pytest.mark.parametrize("code", ["", "9200", "920044", "92 04", "92-04", "Antony"])
def test_what_is_no_code_of_a_commune(code):
    assert departement_of_commune(code) is None


@pytest.mark.parametrize(
    ("code", "departement"),
    [("1", "01"), ("01", "01"), ("2a", "2A"), (" 92 ", "92"), ("974", "974"), ("", None),
     ("  ", None)],
)  # fmt: skip
def test_a_departement_is_written_as_insee_does(code, departement):
    assert departement_code(code) == departement


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nombre d’heures", "nombre d'heures"),
        ("Bénévoles  (total)", "BENEVOLES TOTAL"),
        ("Cœur de ville", "coeur de ville"),
        ("Taux\u00a0: 3", "taux 3"),
    ],
)
def test_one_word_in_two_spellings(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Salariés", "Salarié"), ("0-5 ans", "6-11 ans")])
def test_two_words_stay_two(one, other):
    assert folded(one) != folded(other)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)
    assert spaceless(spaceless(text)) == spaceless(text)

"""The sheet « se situer »: a structure's own answers, what is published, and nothing else."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senacs.codebook.model import OF_UNITS, Indicator, Statistic
from senacs.structure_sheet import (
    Answer,
    Mark,
    OwnAnswers,
    category_of,
    own_value,
    places_of,
    positions,
    structure_sheet,
)
from senacs.vintages.model import Edition, Figure, FigureKey, FrozenFigures, Status
from tests.support.editions import edition, survey
from tests.support.pdfs import faults, misplaced, pages

YES = Answer(code="oui")

TWO = ("75", "92")


@cache
def france() -> Edition:
    return edition(earlier=())


@cache
def few(seed: int = 1) -> Edition:
    return edition(departements=TWO, earlier=(), seed=seed)


def structure(departement: str = "92", **answers: Answer) -> OwnAnswers:
    return OwnAnswers("CS-1", "Centre fictif", "CS", departement, answers, {})


def indicator(name: str) -> Indicator:
    return next(one for one in survey().indicators if one.indicator == name)


def test_a_share_is_yes_or_no() -> None:
    share = indicator("part_parentalite")
    assert own_value(share, structure(action_parentalite=YES)) == 1
    assert own_value(share, structure(action_parentalite=Answer(code="non"))) == 0
    assert own_value(share, structure()) is None


def test_whom_an_indicator_is_not_about_has_no_value() -> None:
    urban = indicator("part_qpv_urbains")
    qpv = Answer(code="qpv")
    inside = structure(geographie_prioritaire=qpv, type_territoire=Answer(code="urbain"))
    outside = structure(geographie_prioritaire=qpv, type_territoire=Answer(code="rural"))
    assert own_value(urban, inside) == 1
    assert own_value(urban, outside) is None
    not_asked = structure(budget_total=Answer(Decimal(5), out_of_base=True))
    assert own_value(indicator("budget_moyen"), not_asked) is None


def test_a_ratio_is_its_own_quotient() -> None:
    ratio = indicator("etp_par_salarie")
    both = {ratio.variable: Answer(Decimal(3)), ratio.denominator: Answer(Decimal(4))}
    assert own_value(ratio, structure(**both)) == Decimal("0.75")
    none = {**both, ratio.denominator: Answer(Decimal(0))}
    assert own_value(ratio, structure(**none)) is None


def test_counts_of_structures_say_nothing_of_one() -> None:
    for one in survey().indicators:
        if one.statistic in OF_UNITS:
            assert own_value(one, structure()) is None


@pytest.mark.parametrize(
    ("etp", "category"),
    [("2.99", "moins_de_3"), ("3", "de_3_a_10"), ("10", "de_10_a_20"), ("20", "plus_de_20")],
)
def test_a_size_is_in_one_category(etp: str, category: str) -> None:
    size = next(one for one in survey().breakdowns if one.breakdown == "taille")
    assert category_of(size, structure(etp_total=Answer(Decimal(etp)))) == category
    assert category_of(size, structure()) is None


def test_the_register_says_what_is_of_the_register() -> None:
    manager = next(one for one in survey().breakdowns if one.breakdown == "gestion")
    declared = structure(mode_gestion=Answer(code="caf"))
    assert category_of(manager, declared) is None
    registered = replace(declared, registered={"mode_gestion": Answer(code="associatif")})
    assert category_of(manager, registered) == "associatif"


def test_it_stands_in_its_departement_its_region_and_the_whole() -> None:
    found = places_of(france(), structure("92", type_territoire=Answer(code="urbain")))
    assert [place.level for place in found] == ["departement", "region", "france", "france"]
    assert found[-1].category == "urbain"
    assert [place.label for place in places_of(france(), structure("973"))] == ["Guyane", "France"]
    partial = places_of(few(), structure("92"))
    assert [place.level for place in partial] == ["departement", "region", "surveyed"]


def full(seed: int = 0) -> OwnAnswers:
    """A structure that answered all that is asked about 2023."""
    asked = {question.variable for question in survey().questions_of(2023)}
    answers = {
        variable.variable: Answer(
            number=Decimal(7 + seed),
            code="oui" if variable.variable != "type_territoire" else "urbain",
        )
        for variable in survey().variables
        if variable.variable in asked
    }
    return structure(**answers)


def test_it_is_two_pages_that_everybody_can_read() -> None:
    made = structure_sheet(france(), full())
    assert faults(made) == []
    assert misplaced(made) == []
    told = pages(made)
    assert len(told) == 2
    assert "Pour la structure seule" in told[0]
    assert all("Données simulées" in text for text in told)


def test_a_structure_that_answered_nothing_has_a_sheet_that_says_so() -> None:
    made = structure_sheet(few(), structure())
    assert "Aucune réponse" in pages(made)[0]
    assert faults(made) == []


def hidden(of: Edition) -> Edition:
    """The same edition with every figure hidden."""
    figures = {
        key: Figure(key, Status.HIDDEN, one.n_scope, one.n_responded)
        for key, one in of.frozen.figures.items()
    }
    return replace(of, frozen=FrozenFigures(of.vintage, figures))


def test_of_what_is_hidden_it_shows_nothing() -> None:
    """Whatever the figures were before they were hidden, the sheet is the same, byte for byte."""
    first, second = (few(seed) for seed in (1, 2))
    assert first.frozen.figures != second.frozen.figures
    assert structure_sheet(hidden(first), full()) == structure_sheet(hidden(second), full())
    found = positions(hidden(first), full())
    assert found
    assert all(mark.value is None and mark.n_item is None for one in found for mark in one.marks)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_its_marks_are_the_published_figures_whatever_it_answered(one: int, other: int) -> None:
    marks = [
        {position.indicator.indicator: position.marks for position in positions(few(), full(seed))}
        for seed in (one, other)
    ]
    shared = marks[0].keys() & marks[1].keys()
    around = [
        [mark for mark in each[name] if mark.place.breakdown == "all"]
        for name in sorted(shared)
        for each in marks
    ]
    assert around[::2] == around[1::2]
    for name in shared:
        for mark in marks[0][name]:
            published = few().frozen.figures.get(_key(name, mark))
            assert mark.status == (published.status if published else None)
            if published is not None and indicator(name).statistic is not Statistic.TOTAL:
                assert mark.value == published.value


def _key(name: str, mark: Mark) -> FigureKey:
    place = mark.place
    return FigureKey(name, "CS", place.level, place.area, place.breakdown, place.category)

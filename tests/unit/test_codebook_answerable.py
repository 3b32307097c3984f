"""Which years can answer an indicator, of whom, and how they compare with the one before."""

from itertools import pairwise

import pytest

from senacs.codebook import Collection, Comparability, Indicator, Statistic, load_collection
from senacs.codebook.answerable import Comparison, IndicatorYear, answerable_years
from senacs.settings import PROJECT_ROOT

CODEBOOK = PROJECT_ROOT / "codebook"


def indicator(name: str, statistic: Statistic = Statistic.TOTAL, **fields: object) -> Indicator:
    return Indicator.model_validate(
        {"indicator": name, "theme": "ensemble", "label": name, "unit": "u"}
        | {"statistic": statistic}
        | fields
    )


def survey(*indicators: Indicator, years: range = range(2010, 2025)):
    """The survey's questionnaires with these indicators and a campaign about each year."""
    shipped = load_collection(CODEBOOK, "senacs")
    (model, *_) = shipped.campaigns
    campaigns = tuple(model.model_copy(update={"data_year": year}) for year in years)
    return shipped.model_copy(update={"indicators": indicators, "campaigns": campaigns})


def years_of(*indicators: Indicator, years: range = range(2010, 2025)) -> list[IndicatorYear]:
    return list(answerable_years(survey(*indicators, years=years)))


def test_a_unit_and_its_way_back_are_recoded_with_their_notes():
    found = years_of(indicator("budget", variable="budget_total"), years=range(2010, 2015))

    assert [(y.data_year, y.comparison) for y in found] == [
        (2010, Comparison.FIRST), (2011, Comparison.SAME), (2012, Comparison.RECODED),
        (2013, Comparison.RECODED), (2014, Comparison.SAME),
    ]  # fmt: skip
    assert "k€" in found[2].note
    assert {y.note for y in found if y.comparison is not Comparison.RECODED} == {""}


def test_the_worst_mark_of_all_its_variables_counts():
    found = years_of(
        indicator(
            "part",
            Statistic.RATIO,
            variable="publics_enfants",
            denominator="budget_total",
            where="geographie_prioritaire",
            where_codes=("qpv",),
        )
    )

    marks = {y.data_year: y.comparison for y in found}
    assert marks[2023] is Comparison.BREAK
    assert marks[2022] is Comparison.SAME


def test_a_break_between_two_years_that_have_it_is_told():
    found = years_of(indicator("enfants", variable="publics_enfants"), years=range(2021, 2025, 3))

    assert [(y.data_year, y.comparison) for y in found] == [
        (2021, Comparison.FIRST), (2024, Comparison.BREAK),
    ]  # fmt: skip
    assert found[1].note


def test_a_year_that_does_not_ask_all_of_it_cannot_answer():
    years = {y.data_year for y in years_of(indicator("logement", variable="action_logement"))}

    assert {2011, 2014} <= years
    assert years.isdisjoint({2012, 2023})


def test_populations_are_those_that_all_its_variables_are_asked_of():
    found = years_of(
        indicator("acf", Statistic.COUNT, where="agrement_acf", where_codes=("oui",)),
        indicator("reponses", Statistic.RESPONSE),
        indicator("budget", variable="budget_total"),
    )
    of = {(y.indicator, y.data_year): y.populations for y in found}

    assert of["reponses", 2012] == ("CS",)
    assert of["reponses", 2020] == ("CS", "EVS")
    assert of["acf", 2020] == ("CS",)
    assert of["budget", 2014] == ("CS",)


def test_a_derived_variable_has_the_years_and_marks_of_what_it_is_made_of():
    found = years_of(
        indicator("age", variable="administrateurs_plus_40"),
        indicator("bloc", variable="budget_bloc_communal"),
    )

    assert [y.data_year for y in found if y.indicator == "age"] == list(range(2014, 2019))
    bloc = {y.data_year: y for y in found if y.indicator == "bloc"}
    assert set(bloc) == set(range(2010, 2025))
    assert bloc[2012].comparison is Comparison.RECODED
    assert bloc[2012].populations == ("CS",)


def test_a_derived_variable_that_does_not_say_is_there_in_every_year():
    posts = load_collection(CODEBOOK, "adulte_relais")
    found = [y for y in answerable_years(posts) if y.indicator == "part_centres_sociaux"]

    assert [(y.data_year, y.populations, y.comparison) for y in found] == [
        (2020, ("POSTE",), Comparison.FIRST),
        (2021, ("POSTE",), Comparison.SAME),
        (2022, ("POSTE",), Comparison.SAME),
    ]


def made_of(collection: Collection, figure: Indicator) -> set[str]:
    declared = collection.variable_by_name
    return {s for v in figure.variables for s in (v, *declared[v].made_of)}


@pytest.mark.parametrize("name", ["senacs", "registre", "adulte_relais", "fonjep"])
def test_every_shipped_indicator_has_a_year_and_no_mark_is_lost(name):
    """A break of any of its questions between two of its years is a break of the figure."""
    shipped = load_collection(CODEBOOK, name)
    if name == "senacs":
        shipped = survey(*shipped.indicators)
    found = list(answerable_years(shipped))

    assert {y.indicator for y in found} == {i.indicator for i in shipped.indicators}
    by_name = {i.indicator: i for i in shipped.indicators}
    for before, now in pairwise(found):
        if before.indicator == now.indicator:
            broken = any(
                before.data_year < question.data_year <= now.data_year
                and question.comparability is Comparability.BREAK
                for variable in made_of(shipped, by_name[now.indicator])
                for question in shipped.feeding(variable)
            )
            assert (now.comparison is Comparison.BREAK) == broken
            assert bool(now.note) == (now.comparison not in {Comparison.FIRST, Comparison.SAME})
        else:
            assert now.comparison is Comparison.FIRST

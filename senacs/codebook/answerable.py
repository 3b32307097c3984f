"""Which data years can answer an indicator, and whether each compares with the one before."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from senacs.codebook.model import Collection, Indicator
from senacs.codebook.questionnaire import Comparability, Question


class Comparison(StrEnum):
    """How a year's figure relates to that of the last year before it."""

    FIRST = "first"
    """There is none before."""
    SAME = "same"
    RECODED = "recoded"
    BREAK = "break"


_WORST_FIRST = (
    (Comparability.BREAK, Comparison.BREAK),
    (Comparability.RECODED, Comparison.RECODED),
)


class IndicatorYear(NamedTuple):
    """One data year that can answer an indicator.

    Attributes:
        populations: those that all its variables are asked of, in the collection's order.
        comparison: the worst mark of the questions behind it since the last year that has it,
            whatever lies between.
        note: what changed, in French; empty where nothing did.
    """

    indicator: str
    data_year: int
    populations: tuple[str, ...]
    comparison: Comparison
    note: str


def answerable_years(collection: Collection) -> Iterator[IndicatorYear]:
    """Each indicator in each campaign's data year that can answer it, oldest first."""
    campaigns = sorted({campaign.data_year for campaign in collection.campaigns})
    for indicator in collection.indicators:
        years = {year: _populations(collection, indicator, year) for year in campaigns}
        able = [year for year, populations in years.items() if populations]
        if able:
            first = able[0]
            yield IndicatorYear(indicator.indicator, first, years[first], Comparison.FIRST, "")
        for before, year in pairwise(able):
            comparison, note = _since(collection, indicator, before, year)
            yield IndicatorYear(indicator.indicator, year, years[year], comparison, note)


def _populations(collection: Collection, indicator: Indicator, year: int) -> tuple[str, ...]:
    """Whom that year asks all that the indicator is made of; if of nothing, whom it asks at all."""
    asked = collection.questions_of(year)
    groups = [
        [question for question in asked if question.variable == variable]
        for variable in _asked_variables(collection, indicator)
    ]
    if not indicator.variables:
        groups = [list(asked)]
    reached = [_asked_of(collection, group) for group in groups]
    return tuple(p for p in collection.populations if all(p in of for of in reached))


def _asked_variables(collection: Collection, indicator: Indicator) -> list[str]:
    """The variables that it is made of in the end; a derived one that does not say is of none."""
    declared = collection.variable_by_name
    return [
        source
        for variable in indicator.variables
        for source in declared[variable].made_of or (variable,)
        if collection.feeding(source)
    ]


def _asked_of(collection: Collection, questions: Iterable[Question]) -> frozenset[str]:
    return frozenset(p for question in questions for p in collection.populations_of(question))


def _since(
    collection: Collection, indicator: Indicator, before: int, year: int
) -> tuple[Comparison, str]:
    marked = [
        question
        for variable in _asked_variables(collection, indicator)
        for question in collection.feeding(variable)
        if before < question.data_year <= year
    ]
    for mark, comparison in _WORST_FIRST:
        notes = [question.note for question in marked if question.comparability is mark]
        if notes:
            return comparison, " ; ".join(dict.fromkeys(notes))
    return Comparison.SAME, ""

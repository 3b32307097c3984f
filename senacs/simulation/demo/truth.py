"""What the simulated exports hold and what was planted in them, for tests to compare with."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache

from senacs.codebook.model import OF_PERIMETER, Collection, Indicator, Statistic
from senacs.simulation.demo.answers import Answers, Value, true_answers
from senacs.simulation.demo.centres import DATA_YEARS, Centre, centres
from senacs.simulation.demo.exports import survey_path
from senacs.simulation.demo.planted import (
    CELLS,
    SECOND_DELIVERY,
    UNKNOWN_COLUMN,
    UNKNOWN_STRUCTURE,
    Defect,
    asked,
    planted_cell,
    responded,
)
from senacs.simulation.demo.survey_export import survey_rows

OF_NUMBERS: dict[Statistic, Callable[[list[float]], float]] = {
    Statistic.TOTAL: sum,
    Statistic.MEAN: statistics.fmean,
    Statistic.MEDIAN: statistics.median,
}

_DERIVED = {"action_famille", "budget_bloc_communal"}
"""What is made of answers that both years ask."""

HEADER_ROW = 1
"""Rows are numbered as a spreadsheet shows them."""

Delivered = Mapping[str, Mapping[str, Value | None]]
"""Structure to question to value in the harmonised unit; None where nothing can be read."""


@dataclass(frozen=True)
class PlantedDefect:
    """One planted cell, where the supplier would look for it."""

    file: str
    data_year: int
    row: int
    structure_id: str
    question: str
    """Empty for a whole row; the header for a whole column."""
    kind: Defect
    raw: str


@dataclass(frozen=True)
class Truth:
    """The simulated world beside what of it was delivered."""

    centres: tuple[Centre, ...]
    answers: Mapping[int, Mapping[str, Answers]]
    """The true answers of every centre in both years, asked or not, answering or not."""
    asked: Mapping[int, frozenset[str]]
    responded: Mapping[int, frozenset[str]]
    delivered: Mapping[int, Delivered]
    """By structure of the register that answered; of two deliveries, the first."""
    defects: tuple[PlantedDefect, ...]

    def indicator(
        self,
        indicator: Indicator,
        data_year: int,
        left_out: Set[tuple[str, str]] = frozenset(),
    ) -> float | None:
        """The figure that the delivered answers give; None if no answer is left.

        Args:
            indicator: one of the survey's, of what the year asks.
            data_year: the year of the answers.
            left_out: (structure, question) pairs whose answer is not to be counted, such as
                the cells that a rule keeps out.
        """
        if indicator.statistic in OF_PERIMETER:
            asked_of, came = len(self.asked[data_year]), len(self.responded[data_year])
            return asked_of if indicator.statistic is Statistic.SCOPE else came / asked_of
        usable = {
            structure_id: _with_derived(
                {
                    question: None if (structure_id, question) in left_out else value
                    for question, value in answers.items()
                }
            )
            for structure_id, answers in self.delivered[data_year].items()
        }
        if indicator.where:
            usable = {
                structure_id: answers
                for structure_id, answers in usable.items()
                if answers[indicator.where] in indicator.where_codes
            }
        return _figure(indicator, usable)

    def indicators(
        self,
        collection: Collection,
        data_year: int,
        left_out: Set[tuple[str, str]] = frozenset(),
    ) -> dict[str, float | None]:
        """Every indicator of the survey that the year can answer, by name (see `indicator`)."""
        known = {question.variable for question in collection.questions_of(data_year)} | _DERIVED
        return {
            i.indicator: self.indicator(i, data_year, left_out)
            for i in collection.indicators
            if known.issuperset(i.variables)
        }


@cache
def truth() -> Truth:
    """The simulated world and its exports."""
    return Truth(
        centres=centres(),
        answers={year: true_answers(year) for year in DATA_YEARS},
        asked={year: asked(year) for year in DATA_YEARS},
        responded={year: responded(year) for year in DATA_YEARS},
        delivered={year: _delivered(year) for year in DATA_YEARS},
        defects=tuple(_defects()),
    )


def _delivered(data_year: int) -> Delivered:
    def value(structure_id: str, question: str, true: Value) -> Value | None:
        planted = planted_cell(data_year, structure_id, question)
        return true if planted is None else planted.value

    return {
        structure_id: {
            question: value(structure_id, question, true) for question, true in answers.items()
        }
        for structure_id, answers in true_answers(data_year).items()
        if structure_id in responded(data_year)
    }


def _defects() -> Iterator[PlantedDefect]:
    for data_year in DATA_YEARS:
        file = survey_path(data_year)
        if data_year == SECOND_DELIVERY.data_year:
            kind = Defect.UNKNOWN_COLUMN
            yield PlantedDefect(
                file, data_year, HEADER_ROW, "", UNKNOWN_COLUMN, kind, UNKNOWN_COLUMN
            )
        for number, row in enumerate(survey_rows(data_year), start=HEADER_ROW + 1):
            place = (file, data_year, number, row.structure_id)
            if row.structure_id == UNKNOWN_STRUCTURE:
                yield PlantedDefect(*place, "", Defect.UNKNOWN_STRUCTURE, UNKNOWN_STRUCTURE)
            if (data_year, row.structure_id) == SECOND_DELIVERY[:2]:
                question = SECOND_DELIVERY.question
                yield PlantedDefect(
                    *place, question, SECOND_DELIVERY.kind, str(row.answers[question])
                )
            for cell in CELLS:
                if (data_year, row.structure_id) == cell[:2]:
                    yield PlantedDefect(*place, cell.question, cell.kind, cell.raw)


def _with_derived(answers: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """The answers and what the warehouse derives of them, as `sql/national/senacs/` says it."""
    family = {answers["action_parentalite"], answers["action_petite_enfance"]}
    local = [answers["budget_commune"], answers["budget_interco"]]
    return {
        **answers,
        "action_famille": "oui" if "oui" in family else None if None in family else "non",
        "budget_bloc_communal": None if None in local else sum(float(x) for x in local if x),
    }


def _figure(indicator: Indicator, answers: Delivered) -> float | None:
    """The statistic over those who answered; written apart from the warehouse's SQL on purpose."""
    if indicator.statistic is Statistic.COUNT:
        return len(answers)
    values = [a[indicator.variable] for a in answers.values()]
    given = [value for value in values if value is not None]
    if not given:
        return None
    if indicator.statistic is Statistic.SHARE:
        return sum(value in indicator.codes for value in given) / len(given)
    if indicator.statistic is Statistic.RATIO:
        pairs = [(a[indicator.variable], a[indicator.denominator]) for a in answers.values()]
        both = [(float(n), float(d)) for n, d in pairs if n is not None and d is not None]
        return sum(n for n, _ in both) / sum(d for _, d in both)
    return OF_NUMBERS[indicator.statistic]([float(value) for value in given])

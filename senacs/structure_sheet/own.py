"""What one structure answered, and what it says to each indicator."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from senacs.codebook.model import OF_UNITS, Breakdown, Indicator, Statistic


@dataclass(frozen=True, slots=True)
class Answer:
    """A harmonised value of one structure.

    Attributes:
        number: of a variable that is a number; None where there is none.
        code: of a coded variable; the same.
        out_of_base: the variable was not asked of it, or does not concern it.
    """

    number: Decimal | None = None
    code: str | None = None
    out_of_base: bool = False


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """One structure in one data year.

    Attributes:
        unit_id: its identifier in the register.
        name: as the register has it.
        departement: Insee code.
        answers: by variable of the collection.
        registered: by variable of its register.
    """

    unit_id: str
    name: str
    population: str
    departement: str
    answers: Mapping[str, Answer]
    registered: Mapping[str, Answer]


def own_value(indicator: Indicator, own: OwnAnswers) -> Decimal | None:
    """What the structure says to the indicator, as `sql/indicator/measure.sql` counts it.

    A share is 1 or 0, a ratio its own quotient, all others the number itself. None: the indicator
    is not about it, it has not answered, or counts structures only.
    """
    if indicator.statistic in OF_UNITS:
        return None
    missing = Answer()
    said, below, condition = (
        own.answers.get(name, missing)
        for name in (indicator.variable, indicator.denominator, indicator.where)
    )
    if said.out_of_base or below.out_of_base:
        return None
    if indicator.where and condition.code not in indicator.where_codes:
        return None
    match indicator.statistic:
        case Statistic.SHARE:
            return None if said.code is None else Decimal(said.code in indicator.codes)
        case Statistic.RATIO:
            return said.number / below.number if said.number is not None and below.number else None
    return said.number


def category_of(breakdown: Breakdown, own: OwnAnswers) -> str | None:
    """The category that the structure is in; None where that is not known."""
    said_by = own.registered if breakdown.of_register else own.answers
    said = said_by.get(breakdown.variable)
    if said is None:
        return None
    for category in breakdown.categories:
        if category.codes:
            if said.code in category.codes:
                return category.category
        elif said.number is not None and _between(said.number, category.at_least, category.below):
            return category.category
    return None


def _between(number: Decimal, at_least: float | None, below: float | None) -> bool:
    return (at_least is None or number >= Decimal(at_least)) and (
        below is None or number < Decimal(below)
    )

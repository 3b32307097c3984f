"""Which sums an indicator prints: two indicators that print the same sum share its cells.

A mean and a total of one variable print one sum; a figure about urban structures only, and the
category `urbain` of a breakdown, do too. What is named alike here is hidden together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from senacs.codebook.breakdowns import Breakdown
from senacs.codebook.model import Collection, Indicator, Statistic
from senacs.disclosure.linking import EVERYONE
from senacs.disclosure.rules import Kind


@dataclass(frozen=True, slots=True)
class Quantity:
    """A sum that an indicator prints, or divides by.

    Attributes:
        name: what is summed, over whom: the same for all indicators that print it.
        kind: what rules care about.
        variable: variable that is summed; empty where units are counted.
        breakdown: breakdown that its condition is a category of; `all` where it has none.
        category: that category.
    """

    name: str
    kind: Kind
    variable: str = ""
    breakdown: str = EVERYONE
    category: str = EVERYONE


def quantities(
    collection: Collection, indicator: Indicator, pay: frozenset[str] = frozenset()
) -> tuple[Quantity, ...]:
    """The sums that a figure is made of: it is told only where all of them are.

    A count of answers that it is divided by is not among them: everybody may know it. A median is
    no sum; it is told where the sum of its variable is.

    Args:
        collection: what the indicator is of.
        indicator: the figure's definition.
        pay: variables that are somebody's wage.
    """
    breakdown, category, condition = _condition(collection, indicator)
    match indicator.statistic:
        case Statistic.SCOPE:
            named = {"scope": (Kind.UNITS, "")}
        case Statistic.COUNT:
            named = {"responded": (Kind.COUNT if indicator.where else Kind.UNITS, "")}
        case Statistic.RESPONSE:
            named = {"scope": (Kind.UNITS, ""), "responded": (Kind.UNITS, "")}
        case Statistic.SHARE:
            codes = "|".join(sorted(indicator.codes))
            named = {f"{indicator.variable}={codes}": (Kind.COUNT, "")}
        case Statistic.RATIO:
            # Over those who answered both: not the sum of all who answered the one.
            both = f"{indicator.variable}, {indicator.denominator}"
            named = {
                f"{variable} of those with {both}": (_kind(variable, pay), variable)
                for variable in (indicator.variable, indicator.denominator)
            }
        case Statistic.TOTAL | Statistic.MEAN | Statistic.MEDIAN:
            named = {indicator.variable: (_kind(indicator.variable, pay), indicator.variable)}
    return tuple(
        Quantity(f"{name}{condition}", kind, variable, breakdown, category)
        for name, (kind, variable) in named.items()
    )


def sharing(
    collection: Collection, pay: frozenset[str] = frozenset()
) -> Mapping[Quantity, tuple[str, ...]]:
    """For each sum of a collection the indicators that print it, in declared order."""
    printed: dict[Quantity, list[str]] = {}
    for indicator in collection.indicators:
        for quantity in quantities(collection, indicator, pay):
            printed.setdefault(quantity, []).append(indicator.indicator)
    return {quantity: tuple(names) for quantity, names in printed.items()}


def _kind(variable: str, pay: frozenset[str]) -> Kind:
    return Kind.PAY if variable in pay else Kind.AMOUNT


def _condition(collection: Collection, indicator: Indicator) -> tuple[str, str, str]:
    """The category that an indicator's condition is, or else the condition in words."""
    if not indicator.where:
        return EVERYONE, EVERYONE, ""
    for breakdown in collection.breakdowns:
        if (category := _category(breakdown, indicator)) is not None:
            return breakdown.breakdown, category, ""
    return EVERYONE, EVERYONE, f" where {indicator.where}={'|'.join(sorted(indicator.where_codes))}"


def _category(breakdown: Breakdown, indicator: Indicator) -> str | None:
    if breakdown.variable != indicator.where or breakdown.of_register:
        return None
    for category in breakdown.categories:
        if category.codes and set(category.codes) == set(indicator.where_codes):
            return category.category
    return None

"""The breakdowns: what says a unit's category exists, and no unit falls between two of them."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from senacs.codebook.breakdowns import RESERVED_BREAKDOWNS, UNKNOWN_CATEGORY, Breakdown, Category
from senacs.codebook.checks.shared import known_codes, repeated
from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import CODED, NUMERIC, Variable


def breakdown_problems(collection: Collection, register: Collection | None) -> Iterator[str]:
    """Contradictions between breakdowns, variables and populations."""
    yield from repeated("breakdown", (b.breakdown for b in collection.breakdowns))
    for breakdown in collection.breakdowns:
        place = f"breakdown {breakdown.breakdown!r}"
        if breakdown.breakdown in RESERVED_BREAKDOWNS:
            yield f"{place}: the name is taken"
        yield from repeated(f"{place}: category", (c.category for c in breakdown.categories))
        if any(c.category == UNKNOWN_CATEGORY for c in breakdown.categories):
            yield f"{place}: {UNKNOWN_CATEGORY!r} is not declared, it is what is left"
        yield from _variable_problems(place, breakdown, register, collection)
    yield from _together_problems(collection)


def _variable_problems(
    place: str, breakdown: Breakdown, register: Collection | None, collection: Collection
) -> Iterator[str]:
    said_by = register if breakdown.of_register else collection
    if said_by is None:
        yield f"{place} is of the register, and the collection names none"
        return
    variable = said_by.variable_by_name.get(breakdown.variable)
    if variable is None:
        yield f"{place} names the unknown variable {breakdown.variable!r} of {said_by.label!r}"
    elif variable.kind in CODED:
        yield from _code_problems(place, breakdown, known_codes(said_by, variable))
    elif variable.kind in NUMERIC:
        yield from _number_problems(place, breakdown)
    else:
        yield _unfit(place, variable)


def _code_problems(place: str, breakdown: Breakdown, known: frozenset[str]) -> Iterator[str]:
    named = [code for category in breakdown.categories for code in category.codes]
    yield from repeated(f"{place}: code", named)
    for category in breakdown.categories:
        if not category.codes:
            yield f"{place}, category {category.category!r}: codes are expected"
    for code in dict.fromkeys(named):
        if code not in known:
            yield f"{place} looks for the code {code!r}, which {breakdown.variable!r} does not have"
    for code in sorted(known - set(named)):
        yield f"{place}: the code {code!r} is in no category"


def _number_problems(place: str, breakdown: Breakdown) -> Iterator[str]:
    """Each number is in one category: they follow each other, open at both ends."""
    for category in breakdown.categories:
        if category.codes:
            yield f"{place}, category {category.category!r}: numbers are expected"
    in_order = sorted(breakdown.categories, key=_at_least)
    if _at_least(in_order[0]) != -inf or _below(in_order[-1]) != inf:
        yield f"{place}: the lowest category has no `at_least`, the highest no `below`"
    for lower, upper in pairwise(in_order):
        if _below(lower) > _at_least(upper):
            yield f"{place}: {lower.category!r} and {upper.category!r} overlap"
        elif _below(lower) < _at_least(upper):
            yield f"{place}: numbers between {lower.category!r} and {upper.category!r} are in none"


def _at_least(category: Category) -> float:
    return -inf if category.at_least is None else category.at_least


def _below(category: Category) -> float:
    return inf if category.below is None else category.below


def _unfit(place: str, variable: Variable) -> str:
    return f"{place}: {variable.variable!r} is a {variable.kind}; codes or numbers make categories"


def _together_problems(collection: Collection) -> Iterator[str]:
    """What is told of all populations together, and by EPCI."""
    for code in collection.pooled:
        if code in collection.populations:
            yield f"pooled: {code!r} is a population"
    if collection.pooled and len(collection.populations) == 1:
        yield "pooled: there is one population"
    if collection.epci_least is not None and not collection.register_collection:
        yield "epci_least: a register says a unit's commune, and the collection names none"

"""The published figures: what each is made of exists."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import known_codes, repeated, unknown
from senacs.codebook.model import (
    ADDABLE,
    OF_PERIMETER,
    OF_UNITS,
    Collection,
    Indicator,
    Statistic,
)
from senacs.codebook.questionnaire import CODED


def indicator_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between an indicator's statistic, variables and codes."""
    yield from repeated("indicator", (i.indicator for i in collection.indicators))
    for indicator in collection.indicators:
        place = f"indicator {indicator.indicator!r}"
        strange = set(indicator.variables) - set(collection.variable_by_name)
        if strange:
            yield f"{place} names unknown variables: {', '.join(sorted(strange))}"
            continue
        if indicator.statistic not in OF_UNITS and not indicator.variable:
            yield f"{place} is a {indicator.statistic} of no variable"
            continue
        if indicator.statistic in OF_UNITS and indicator.variable:
            yield f"{place} counts units, of whatever variable"
        if indicator.statistic in OF_PERIMETER and indicator.where:
            yield f"{place} is about all in scope: `where` is known of those who answered"
        if (indicator.statistic is Statistic.SHARE) != bool(indicator.codes):
            yield f"{place}: codes go with the statistic `share`, and only with it"
        if (indicator.statistic is Statistic.RATIO) != bool(indicator.denominator):
            yield f"{place}: a denominator goes with the statistic `ratio`, and only with it"
        if bool(indicator.where) != bool(indicator.where_codes):
            yield f"{place}: `where` and `where_codes` go together"
        if indicator.theme not in collection.themes:
            yield f"{place} is of theme {indicator.theme!r}, which collection.yml does not name"
        for variable, codes in (
            (indicator.variable, indicator.codes),
            (indicator.where, indicator.where_codes),
        ):
            if codes:
                yield from _code_problems(collection, place, variable, codes)
        yield from _display_problems(collection, place, indicator)


def _display_problems(collection: Collection, place: str, indicator: Indicator) -> Iterator[str]:
    """What it is broken down by and whom it is told of."""
    named = indicator.breakdowns or ()
    yield from repeated(f"{place}: breakdown", named)
    yield from unknown(place, "breakdown", named, (b.breakdown for b in collection.breakdowns))
    if indicator.statistic in OF_PERIMETER:
        for breakdown in collection.breakdowns:
            if breakdown.breakdown in named and not breakdown.of_register:
                yield (
                    f"{place} is about all in scope: {breakdown.breakdown!r} is known of those "
                    "who answered"
                )
    if indicator.pooled and indicator.statistic not in ADDABLE:
        yield f"{place} is pooled: a {indicator.statistic} is never told of several populations"
    if indicator.pooled and not collection.pooled:
        yield f"{place} is pooled: collection.yml does not say as what"
    if indicator.by_epci and collection.epci_least is None:
        yield f"{place} is told by EPCI: collection.yml states no `epci_least`"


def _code_problems(
    collection: Collection, place: str, name: str, codes: tuple[str, ...]
) -> Iterator[str]:
    variable = collection.variable_by_name[name]
    if variable.kind not in CODED:
        yield f"{place} looks for codes in {name!r}, a {variable.kind}"
        return
    known = known_codes(collection, variable)
    for code in codes:
        if code not in known:
            yield f"{place} looks for the code {code!r}, which {name!r} does not have"

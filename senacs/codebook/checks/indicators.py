"""The published figures: what each is made of exists."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import known_codes, repeated
from senacs.codebook.model import Collection, Statistic
from senacs.codebook.questionnaire import CODED


def indicator_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between an indicator's statistic, variables and codes."""
    yield from repeated("indicator", (i.indicator for i in collection.indicators))
    for indicator in collection.indicators:
        place = f"indicator {indicator.indicator!r}"
        named = {indicator.variable, indicator.denominator, indicator.where} - {""}
        unknown = named - set(collection.variable_by_name)
        if unknown:
            yield f"{place} names unknown variables: {', '.join(sorted(unknown))}"
            continue
        if indicator.statistic is not Statistic.COUNT and not indicator.variable:
            yield f"{place} is a {indicator.statistic} of no variable"
            continue
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

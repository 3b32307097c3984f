"""The static check of a collection: what its files say must fit together."""

from collections import Counter
from collections.abc import Iterable, Iterator

from senacs.codebook.model import Collection, Kind, Perimeter, Role, Statistic
from senacs.errors import CodebookError

CODED = frozenset({Kind.CODE, Kind.YES_NO})
NUMERIC = frozenset({Kind.NUMBER, Kind.INTEGER})


def check(collection: Collection) -> None:
    """Refuse a collection that contradicts itself.

    Raises:
        CodebookError: with every contradiction found, one a line.
    """
    problems = [
        *_repeated("variable", (v.variable for v in collection.variables)),
        *_repeated("code", (f"{c.list}/{c.code}" for c in collection.code_items)),
        *_repeated("indicator", (i.indicator for i in collection.indicators)),
        *_repeated("data year", (str(c.data_year) for c in collection.campaigns)),
        *_question_problems(collection),
        *_campaign_problems(collection),
        *_indicator_problems(collection),
    ]
    if problems:
        listed = "\n  ".join(problems)
        raise CodebookError(f"codebook of {collection.collection!r}:\n  {listed}")


def _repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{what} {name!r} is declared {n} times" for name, n in Counter(names).items() if n > 1)


def _question_problems(collection: Collection) -> Iterator[str]:
    lists = {item.list for item in collection.code_items}
    years = sorted({q.data_year for q in collection.questions})
    for year in years:
        questions = collection.questions_of(year)
        yield from _repeated(f"{year}: question", (q.question for q in questions))
        yield from _repeated(f"{year}: header", (q.header for q in questions))
        yield from _repeated(f"{year}: variable", (q.variable for q in questions if q.variable))
        keys = [q.question for q in questions if q.role is Role.KEY]
        if len(keys) != 1:
            yield f"{year}: one question has the role `key`, not {len(keys)}"
    for question in collection.questions:
        place = f"{question.data_year}: question {question.question!r}"
        if question.codes and question.codes not in lists:
            yield f"{place} names the code list {question.codes!r}, which is not in codes.csv"
        if question.kind is Kind.CODE and not question.codes:
            yield f"{place} is of kind `code` and names no code list"
        if not question.variable:
            continue
        variable = collection.variable_by_name.get(question.variable)
        if variable is None:
            yield f"{place} maps to {question.variable!r}, which is not in variables.csv"
        elif (variable.kind in NUMERIC) != (question.kind in NUMERIC):
            yield f"{place} is a {question.kind}, its variable a {variable.kind}"
        elif variable.unit != question.unit and question.factor == 1:
            yield (
                f"{place} is in {question.unit or 'no unit'!r}, its variable in "
                f"{variable.unit or 'no unit'!r}: state the factor"
            )
    for spelling in collection.header_spellings:
        known = {q.question for q in collection.questions_of(spelling.data_year)}
        if spelling.question and spelling.question not in known:
            yield (
                f"headers.csv maps {spelling.header!r} to {spelling.question!r}, "
                f"which {spelling.data_year} does not ask"
            )


def _campaign_problems(collection: Collection) -> Iterator[str]:
    asked = {q.data_year for q in collection.questions}
    for campaign in collection.campaigns:
        year = campaign.data_year
        if year not in asked:
            yield f"campaign {year} has no questions/{year}.csv"
        if campaign.closes < campaign.opens:
            yield f"campaign {year} closes before it opens"
        if (campaign.perimeter is Perimeter.EXPORT) == bool(collection.register_collection):
            yield f"campaign {year}: perimeter `export` is for collections without a register"
        yield from _repeated(f"{year}: territory", (t.code for t in campaign.territories))
        yield from _repeated(
            f"{year}: département", (d for t in campaign.territories for d in t.departements)
        )


def _indicator_problems(collection: Collection) -> Iterator[str]:
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
    known = (
        {"oui", "non"}
        if variable.kind is Kind.YES_NO
        else {item.code for item in collection.codes_of(variable.codes)}
    )
    for code in codes:
        if code not in known:
            yield f"{place} looks for the code {code!r}, which {name!r} does not have"

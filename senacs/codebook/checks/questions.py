"""One data year's questionnaire: every question by itself, and beside the others of its year."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import known_codes, place_of, repeated, unknown
from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import CODED, NUMERIC, Kind, Question, Role


def question_problems(collection: Collection) -> Iterator[str]:
    """Contradictions inside each year's questionnaire."""
    for year in collection.data_years:
        questions = collection.questions_of(year)
        yield from repeated(f"{year}: question", (q.question for q in questions))
        yield from repeated(f"{year}: header", (q.header.casefold() for q in questions))
        yield from repeated(f"{year}: variable", (q.variable for q in questions if q.variable))
        yield from repeated(
            f"{year}: cell of a table",
            (f"{q.table} {q.row} × {q.column}" for q in questions if q.table),
        )
        keys = [q.question for q in questions if q.role is Role.KEY]
        if len(keys) != 1 and not collection.sheets:
            yield f"{year}: one question has the role `key`, not {len(keys)}"
        before: dict[str, Question] = {}
        for question in questions:
            yield from _own_problems(question)
            yield from _unknown_names(collection, question)
            yield from _variable_problems(collection, question)
            yield from _filter_problems(collection, question, before)
            yield from _table_problems(collection, question)
            before[question.question] = question


def _own_problems(question: Question) -> Iterator[str]:
    place = place_of(question)
    if not question.label.strip():
        yield f"{place} has no label"
    if question.header != question.header.strip() or not question.header:
        yield f"{place}: its header is empty or has spaces around it"
    if not question.source.strip():
        yield f"{place} does not say its source"
    if (question.kind is Kind.CODE) != bool(question.codes):
        yield f"{place}: a code list goes with the kind `code`, and only with it"
    if question.kind not in NUMERIC and (
        question.unit
        or question.factor != 1
        or question.minimum is not None
        or question.maximum is not None
    ):
        yield f"{place} is a {question.kind}: unit, factor and bounds are for numbers"
    if question.factor <= 0:
        yield f"{place}: its factor is not above zero"
    if (
        question.minimum is not None
        and question.maximum is not None
        and question.minimum > question.maximum
    ):
        yield f"{place}: its minimum is above its maximum"


def _unknown_names(collection: Collection, question: Question) -> Iterator[str]:
    place = place_of(question)
    yield from unknown(place, "theme", [question.theme], collection.themes)
    yield from unknown(place, "block", [question.block], collection.blocks)
    yield from unknown(place, "population", question.population, collection.populations)
    yield from repeated(f"{place}: population", question.population)
    yield from unknown(
        place, "publication", question.attested, (p.publication for p in collection.publications)
    )
    if question.codes and not collection.codes_of(question.codes):
        yield f"{place} names the code list {question.codes!r}, which is not in codes.csv"


def _variable_problems(collection: Collection, question: Question) -> Iterator[str]:
    if not question.variable:
        return
    place = place_of(question)
    variable = collection.variable_by_name.get(question.variable)
    if variable is None:
        yield f"{place} maps to {question.variable!r}, which is not in variables.csv"
        return
    if question.theme and question.theme != variable.theme:
        yield f"{place} is of theme {question.theme!r}, its variable of {variable.theme!r}"
    if (variable.kind in NUMERIC) != (question.kind in NUMERIC) or (variable.kind in CODED) != (
        question.kind in CODED
    ):
        yield f"{place} is a {question.kind}, its variable a {variable.kind}"
        return
    if variable.unit != question.unit and question.factor == 1:
        yield (
            f"{place} is in {question.unit or 'no unit'!r}, its variable in "
            f"{variable.unit or 'no unit'!r}: state the factor"
        )
    if variable.unit == question.unit and question.factor != 1:
        yield f"{place} is in its variable's unit, {question.unit!r}, and states a factor"
    foreign = known_codes(collection, question) - known_codes(collection, variable)
    if foreign:
        yield f"{place} has codes that its variable does not have: {', '.join(sorted(foreign))}"


def _filter_problems(
    collection: Collection, question: Question, before: dict[str, Question]
) -> Iterator[str]:
    if question.filter is None:
        return
    place = f"{place_of(question)}: filter {str(question.filter)!r}"
    if question.required:
        yield f"{place} on a question required of all"
    other = before.get(question.filter.question)
    if other is None:
        yield f"{place} names a question that {question.data_year} does not ask before it"
        return
    known = known_codes(collection, other)
    if not known:
        yield f"{place} names a {other.kind}: only codes can be looked for"
    elif missing := set(question.filter.codes) - known:
        yield f"{place} names unknown codes: {', '.join(sorted(missing))}"
    unasked = set(collection.populations_of(question)) - set(collection.populations_of(other))
    if unasked:
        yield f"{place} names a question that is not asked of {', '.join(sorted(unasked))}"


def _table_problems(collection: Collection, question: Question) -> Iterator[str]:
    place = place_of(question)
    if len({bool(question.table), bool(question.row), bool(question.column)}) > 1:
        yield f"{place}: table, row and column go together"
        return
    if not question.table:
        return
    table = collection.table_by_name.get(question.table)
    if table is None:
        yield f"{place}: table {question.table!r} is not in tables.csv"
        return
    for what, code, codes in (
        ("row", question.row, table.rows),
        ("column", question.column, table.columns),
    ):
        if code not in {item.code for item in collection.codes_of(codes)}:
            yield f"{place}: {what} {code!r} is not a code of {codes!r}"

"""Over the years: nothing changes in silence."""

from collections.abc import Iterator
from itertools import pairwise

from senacs.codebook.checks.shared import place_of
from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import Comparability, Question


def series_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between a question and the last year that asked it, or its variable."""
    for question in dict.fromkeys(q.question for q in collection.questions):
        for before, now in pairwise(collection.asked(question)):
            yield from _gap_problems(collection, before, now)
            yield from _change_problems(before, now)
            if before.variable and now.variable and before.variable != now.variable:
                yield from _unless_break(now, f"feeds {now.variable!r}, not {before.variable!r}")
    for series in _series_of_variables(collection):
        for before, now in pairwise(series):
            if before.question != now.question:
                yield from _change_problems(before, now)
    yield from _taken_headers(collection)


def _gap_problems(collection: Collection, before: Question, now: Question) -> Iterator[str]:
    years = collection.data_years
    gap = [y for y in years if before.data_year < y < now.data_year]
    place = place_of(now)
    if now.resumes is None:
        if gap and not now.block:
            yield (
                f"{place} was last asked in {before.data_year}: if years without it are meant, "
                f"state `resumes` {before.data_year}"
            )
    elif not gap or now.resumes != before.data_year:
        yield f"{place} resumes {now.resumes}, but was last asked in {before.data_year}"


def _change_problems(before: Question, now: Question) -> Iterator[str]:
    """What differs must be declared; `now` may be another question of the same variable."""
    place = place_of(now)
    since = f"since {before.data_year}"
    if before.question != now.question:
        since += f" ({before.question!r})"
    stated = now.comparability
    if stated is Comparability.UNSTATED and before.variable and now.variable:
        yield f"{place} was asked before: state its comparability {since}"
    if stated in {Comparability.RECODED, Comparability.BREAK} and not now.note:
        yield f"{place} is `{stated}` {since}: a note says what changed"
    if stated is Comparability.BREAK:
        return
    if before.kind is not now.kind:
        yield f"{place} became a {now.kind}, a {before.kind} {since}: only `break` allows it"
    if stated is Comparability.RECODED:
        return
    for what, old, new in (
        ("unit", before.unit, now.unit),
        ("factor", before.factor, now.factor),
        ("code list", before.codes, now.codes),
    ):
        if old != new:
            yield (
                f"{place}: its {what} changes in silence {since}, from {old or 'none'!r} to "
                f"{new or 'none'!r}"
            )


def _unless_break(now: Question, what: str) -> Iterator[str]:
    if now.comparability is not Comparability.BREAK:
        yield f"{place_of(now)} {what}: only `break` allows it"


def _series_of_variables(collection: Collection) -> list[list[Question]]:
    series: dict[str, list[Question]] = {}
    for question in sorted(collection.questions, key=lambda q: q.data_year):
        if question.variable:
            series.setdefault(question.variable, []).append(question)
    return list(series.values())


def _taken_headers(collection: Collection) -> Iterator[str]:
    """A header that meant another question the year before would fill the wrong series."""
    for before, now in pairwise(collection.data_years):
        meant = {q.header.casefold(): q.question for q in collection.questions_of(before)}
        for question in collection.questions_of(now):
            other = meant.get(question.header.casefold(), question.question)
            if other != question.question:
                yield from _unless_break(
                    question, f"has the header {question.header!r} that {other!r} had in {before}"
                )

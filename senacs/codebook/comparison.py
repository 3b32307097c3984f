"""What two data years ask differently."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import Comparability, Question


class Change(StrEnum):
    """What became of a question from one year to the other."""

    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    RESPELT = "respelt"
    UNIT = "unit"
    KIND = "kind"
    CODES = "codes"
    POPULATION = "population"
    FILTER = "filter"
    VARIABLE = "variable"
    BLOCK = "block"
    BREAK = "break"


@dataclass(frozen=True)
class Difference:
    """One change of one question, with what was before and what is after."""

    question: str
    change: Change
    before: str
    after: str
    note: str = ""


def differences(collection: Collection, earlier: int, later: int) -> list[Difference]:
    """What changed between two data years: kind of change by kind, in questionnaire order.

    A break of the series in any year between the two is told, whatever both ends look like.
    """
    old = {q.question: q for q in collection.questions_of(earlier)}
    new = {q.question: q for q in collection.questions_of(later)}
    found = [
        Difference(code, Change.APPEARED, "", question.label, question.note)
        for code, question in new.items()
        if code not in old
    ]
    found += [
        Difference(code, Change.DISAPPEARED, question.label, "", question.note)
        for code, question in old.items()
        if code not in new
    ]
    for code, question in new.items():
        if code in old:
            found += _changes(collection, old[code], question)
    order = list(Change)
    return sorted(found, key=lambda difference: order.index(difference.change))


def _changes(collection: Collection, old: Question, new: Question) -> Iterator[Difference]:
    def asked(question: Question) -> str:
        return "|".join(collection.populations_of(question))

    pairs = (
        (Change.RESPELT, old.header, new.header),
        (Change.UNIT, old.unit, new.unit),
        (Change.KIND, old.kind, new.kind),
        (Change.CODES, old.codes, new.codes),
        (Change.POPULATION, asked(old), asked(new)),
        (Change.FILTER, str(old.filter or ""), str(new.filter or "")),
        (Change.VARIABLE, old.variable, new.variable),
        (Change.BLOCK, old.block, new.block),
    )
    for change, before, after in pairs:
        if before != after:
            recoded = change is not Change.RESPELT and new.comparability is Comparability.RECODED
            note = new.note if recoded else ""
            yield Difference(new.question, change, before, after, note)
    first, last = sorted((old.data_year, new.data_year))
    for question in collection.asked(new.question):
        if first < question.data_year <= last and question.comparability is Comparability.BREAK:
            yield Difference(
                new.question,
                Change.BREAK,
                f"until {question.data_year - 1}",
                f"from {question.data_year}",
                question.note,
            )

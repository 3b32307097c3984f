"""What several checks need."""

from collections import Counter
from collections.abc import Iterable, Iterator

from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import YES_NO_CODES, Kind, Question, Variable


def repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    """A sentence for each name that stands there more than once."""
    return (f"{what} {name!r} is declared {n} times" for name, n in Counter(names).items() if n > 1)


def unknown(place: str, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """A sentence for each name that is not declared."""
    declared = set(known)
    return (f"{place}: {what} {n!r} is not declared" for n in names if n and n not in declared)


def place_of(question: Question) -> str:
    """How a contradiction names a question."""
    return f"{question.data_year}: question {question.question!r}"


def known_codes(collection: Collection, thing: Question | Variable) -> frozenset[str]:
    """The codes that an answer or a value can have; none if it is not coded."""
    if thing.kind is Kind.YES_NO:
        return YES_NO_CODES
    if thing.kind is Kind.CODE:
        return frozenset(item.code for item in collection.codes_of(thing.codes))
    return frozenset()

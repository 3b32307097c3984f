"""The members of families: the rules that follow from a collection's codebook."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from expectations.catalogue import said_better
from expectations.relations import pairs_of, totals_of
from expectations.rule import Frame, Rule
from senacs.codebook import Collection, Comparability
from senacs.french import number


@dataclass(frozen=True)
class Member:
    """A rule of a family in one data year.

    Attributes:
        code: what findings carry.
        about: what it is about, in French.
        thresholds: of this member alone, in French; empty where the family's are all.
        question: the question that its findings are about.
    """

    code: str
    about: str
    thresholds: str
    question: str


def members(rule: Rule, collection: Collection, data_year: int) -> tuple[Member, ...]:
    """The members of a family in that data year; none of a rule that is no family."""
    if not rule.each or not rule.valid_in(data_year):
        return ()
    better = said_better(collection.collection)
    found = _OF_FRAME[rule.frame](rule, collection, data_year)
    return tuple(
        Member(f"{rule.rule}-{name}", about, thresholds, question)
        for name, about, thresholds, question in found
        if f"{rule.rule}-{name}" not in better
    )


def members_count(collection: Collection, rules: Iterable[Rule], data_year: int) -> int:
    """How many rules these are in that data year, each member of a family counted."""
    return sum(len(members(rule, collection, data_year)) if rule.each else 1 for rule in rules)


_Found = Iterator[tuple[str, str, str, str]]


def _tables(_: Rule, collection: Collection, data_year: int) -> _Found:
    for total in totals_of(collection, data_year):
        yield total.column, total.title, "", total.total.question


def _pairs(rule: Rule, collection: Collection, data_year: int) -> _Found:
    for pair in pairs_of(collection, data_year):
        if pair.relation == rule.relation:
            name = pair.question.variable or pair.question.question
            about = f"{pair.question.label} / {pair.other.label}"
            yield name, about, "", pair.question.question


def _changes(rule: Rule, collection: Collection, data_year: int) -> _Found:
    asked = {
        q.variable: q
        for q in collection.questions_of(data_year)
        if q.comparability is not Comparability.BREAK
    }
    before = {q.variable for q in collection.questions_of(data_year - 1)}
    for line in collection.thresholds:
        # One family is about numbers and one about what is stable: its condition says so.
        of_this_family = line.stable == ("stable" in rule.when)
        sized = line.stable or line.relative or line.absolute
        if of_this_family and sized and line.variable in asked and line.variable in before:
            unit = collection.variable_by_name[line.variable].unit
            thresholds = [
                *([f"{number(100 * line.relative)} %"] if line.relative else []),
                *([f"{number(line.absolute)} {unit}".strip()] if line.absolute else []),
            ]
            question = asked[line.variable]
            yield line.variable, question.label, " et ".join(thresholds), question.question


def _distribution(_: Rule, collection: Collection, data_year: int) -> _Found:
    asked = {q.variable: q for q in collection.questions_of(data_year)}
    for line in collection.thresholds:
        if line.robust and line.variable in asked:
            question = asked[line.variable]
            thresholds = (
                f"{number(line.robust)} écarts types robustes, au moins {line.minimum_n} structures"
            )
            yield line.variable, question.label, thresholds, question.question


_OF_FRAME = {
    Frame.TABLES: _tables,
    Frame.PAIRS: _pairs,
    Frame.CHANGES: _changes,
    Frame.DISTRIBUTION: _distribution,
}
"""Where the members of a family on each frame come from."""

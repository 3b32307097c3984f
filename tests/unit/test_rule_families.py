"""Rules that follow from the codebook: each passes on what is right and fails on what is wrong.

For every member a good row and a bad one are made, from the same codebook that the member comes
from; all of a data year are judged together, and only the bad rows may fail, each its own rule.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl
import pytest

from expectations.catalogue import rules_for, said_better
from expectations.comparisons import _LEAST_SPREAD
from expectations.derived import members
from expectations.exports import LAST_YEAR_SCHEMA, Exports, Setting
from expectations.failures import failures
from expectations.frames import frames
from expectations.relations import pairs_of, totals_of
from expectations.rule import Frame, Rule
from expectations.wording import findings_of
from senacs.codebook import Kind, Question, load_collection
from senacs.codebook.questionnaire import NUMERIC
from senacs.reading import read_export
from tests.support.exports import CODEBOOK, written

SURVEY = load_collection(CODEBOOK, "senacs")
FAMILIES = {rule.rule: rule for rule in rules_for("senacs") if rule.each}
OTHERS = 15
BEFORE = 100.0

Answers = dict[str, str]
Values = dict[str, tuple[float | None, str | None]]


class Case(NamedTuple):
    """A member, its good and bad answers by question, and last year's values by variable."""

    code: str
    good: Answers
    bad: Answers
    last_year: Values


def tables(rule: Rule, year: int) -> Iterator[Case]:
    for total in totals_of(SURVEY, year):
        parts = {q.question: "10" for q in total.parts}
        right, name = str(10 * len(parts)), total.total.question
        yield Case(f"{rule.rule}-{total.column}", parts | {name: right}, parts | {name: "1"}, {})


def pairs(rule: Rule, year: int) -> Iterator[Case]:
    for pair in pairs_of(SURVEY, year):
        if pair.relation != rule.relation:
            continue
        own, other = pair.question.question, pair.other.question
        beside = {other: "2" if pair.other.kind in NUMERIC else "Oui"}
        wrong = "3" if pair.other.kind in NUMERIC else "0"
        code = f"{rule.rule}-{pair.question.variable or own}"
        yield Case(code, {own: "1"} | beside, {own: wrong} | beside, {})


def changes(rule: Rule, year: int) -> Iterator[Case]:
    lines = {t.variable: t for t in SURVEY.thresholds}
    for question, code in of_members(rule, year):
        line = lines[question.variable]
        if line.stable:
            good, bad, word = words(question)
            before = (float(good), None) if question.kind in NUMERIC else (None, word)
        else:
            allowed = max((line.relative or 0) * BEFORE, line.absolute or 0)
            good = answer(question, BEFORE)
            bad, before = answer(question, BEFORE + allowed + 2), (BEFORE, None)
        own = question.question
        yield Case(code, {own: good}, {own: bad}, {question.variable: before})


def distribution(rule: Rule, year: int) -> Iterator[Case]:
    lines = {t.variable: t for t in SURVEY.thresholds}
    for question, code in of_members(rule, year):
        far = (
            BEFORE
            * question.factor
            * math.exp((lines[question.variable].robust + 1) * _LEAST_SPREAD)
        )
        own = question.question
        yield Case(
            code,
            {own: answer(question, BEFORE * question.factor)},
            {own: answer(question, far)},
            {},
        )


def of_members(rule: Rule, year: int) -> Iterator[tuple[Question, str]]:
    asked = {q.question: q for q in SURVEY.questions_of(year)}
    return ((asked[m.question], m.code) for m in members(rule, SURVEY, year))


def answer(question: Question, value: float) -> str:
    """The text of a number that is at least this value in the variable's unit."""
    return str(math.ceil(value / question.factor))


def words(question: Question) -> tuple[str, str, str]:
    """A text, another one, and how the first one is kept."""
    if question.kind is Kind.CODE:
        first, other, *_ = SURVEY.codes_of(question.codes)
        return first.label, other.label, first.code
    return {
        Kind.YES_NO: ("Oui", "Non", "oui"),
        Kind.DATE: ("12/06/2003", "12/06/2004", "2003-06-12"),
        Kind.SIRET: ("77554402601284", "77554402601276", "77554402601284"),
        Kind.INTEGER: ("1998", "1999", "1998"),
    }[question.kind]


MADE = {
    Frame.TABLES: tables,
    Frame.PAIRS: pairs,
    Frame.CHANGES: changes,
    Frame.DISTRIBUTION: distribution,
}


def judged(rule: Rule, year: int, cases: list[Case]) -> list[dict[str, object]]:
    """The findings of one family in an export of all these cases."""
    questions = SURVEY.questions_of(year)
    key = SURVEY.key_question(year).question
    ordinary = {q: text for case in cases for q, text in case.good.items()}
    rows = [{key: f"{case.code} {which}"} | answers for case in cases
            for which, answers in (("good", case.good), ("bad", case.bad))]  # fmt: skip
    if rule.frame is Frame.DISTRIBUTION:
        rows += [{key: f"other {number}"} | ordinary for number in range(OTHERS)]
    cells = [[row.get(q.question, "") for q in questions] for row in rows]
    data = written([[q.header for q in questions], *cells])
    last_year = pl.DataFrame(
        [
            (f"{case.code} {which}", variable, *value)
            for case in cases
            for which in ("good", "bad")
            for variable, value in case.last_year.items()
        ],
        schema=LAST_YEAR_SCHEMA,
        orient="row",
    )
    exports = Exports.of(
        {0: read_export(data, "essai.csv", SURVEY, "92", year)},
        {0: Setting(SURVEY, "92", year, ("92",), None, last_year=last_year)},
    )
    frame = frames(exports, rule.frame)[rule.frame]
    return findings_of(failures([(frame, rule)], SURVEY), exports).rows(named=True)


@pytest.mark.parametrize("year", SURVEY.data_years)
@pytest.mark.parametrize("code", FAMILIES)
def test_only_what_is_wrong_fails_each_its_own_rule(code, year):
    rule = FAMILIES[code]
    declared = {member.code for member in members(rule, SURVEY, year)}
    cases = [c for c in MADE[rule.frame](rule, year) if c.code not in said_better("senacs")]
    assert {case.code for case in cases} == declared
    if not cases:
        return

    found = judged(rule, year, cases)

    assert {(f["rule"], f["unit_id"]) for f in found} == {(c, f"{c} bad") for c in declared}
    assert len(found) == len(declared)
    for finding in found:
        assert finding["question"]
        assert not any(mark in str(finding["message"]) for mark in ("{", "}", "None", "(vide)"))


def test_every_family_has_members_in_some_year():
    for rule in FAMILIES.values():
        assert any(members(rule, SURVEY, year) for year in SURVEY.data_years)


def test_a_structure_that_sends_last_years_numbers_again_is_asked():
    (rule,) = (r for r in rules_for("senacs") if r.frame is Frame.REPEATS)
    year = 2012
    asked = [q for q in SURVEY.questions_of(year) if q.kind in NUMERIC][:12]
    cases = [
        Case("same", {}, {q.question: answer(q, BEFORE * q.factor) for q in asked},
             {q.variable: (BEFORE * q.factor, None) for q in asked}),
        Case("new", {}, {q.question: answer(q, 2 * BEFORE * q.factor) for q in asked},
             {q.variable: (BEFORE * q.factor, None) for q in asked}),
    ]  # fmt: skip
    found = judged(rule, year, cases)
    assert [(f["rule"], f["unit_id"]) for f in found] == [("IDN-01", "same bad")]

"""Every rule on answers of one structure, planted in simulated campaigns: found at its row, and
nothing of the rows where nothing was planted.
"""

from collections import defaultdict
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

from expectations.catalogue import rules_for
from expectations.failures import needs
from expectations.rule import Frame, Rule
from expectations.verdict import judge
from senacs.codebook import Kind, Question
from senacs.codebook.questionnaire import NUMERIC
from senacs.reading import read_export
from senacs.simulation.campaign.export import Draft, export_bytes
from tests.support.simulated import (
    CERTAIN,
    draft_of,
    layer_of,
    setting_of,
    survey,
    with_spellings,
)

DEPARTEMENT, SEED = "59", 11
CONTEXT = frozenset({"population", "data_year", "territory", "unit_id", "row", "export"})
"""Columns that are no answers: the rule is planted where they fit."""

KNOWN = "registre_"
"""What the register says: planted there."""

EXAMPLES: dict[str, Rule] = {
    rule.rule: rule
    for rule in rules_for("senacs")
    if rule.frame is Frame.FORMS and rule.examples and rule.answers
}


def asked(data_year: int) -> dict[str, Question]:
    return {q.variable or q.question: q for q in survey().questions_of(data_year)}


def year_of(rule: Rule) -> int | None:
    """The latest data year that asks all that the rule needs, or the one of its example."""
    named = {*needs(rule), *(name for row in bad_of(rule) for name in row)} - CONTEXT
    needed = {name for name in named if not name.startswith(KNOWN)}
    stated = bad_of(rule)[0].get("data_year")
    years = [
        year
        for year in survey().data_years
        if rule.valid_in(year) and needed <= asked(year).keys() and stated in {None, year}
    ]
    return max(years, default=None)


def bad_of(rule: Rule) -> list[dict[str, object]]:
    """The rows of its bad example."""
    assert rule.examples
    return [dict(row) for row in rule.examples.bad]


@cache
def planted() -> dict[int, list[Rule]]:
    by_year: dict[int, list[Rule]] = defaultdict(list)
    for rule in EXAMPLES.values():
        if (year := year_of(rule)) is not None:
            by_year[year].append(rule)
    return by_year


def text_of(value: object, question: Question) -> str:
    if question.kind in NUMERIC:
        return f"{float(str(value)) / question.factor:.6f}".rstrip("0").rstrip(".")
    if question.kind is Kind.YES_NO:
        return str(value).capitalize()
    return str(value)


def register(known: pl.DataFrame, draft: Draft, places: dict[str, list[int]]) -> pl.DataFrame:
    """The register with what the examples want it to say of their structures."""
    for rule, rows in places.items():
        for row, bad in zip(rows, bad_of(EXAMPLES[rule]), strict=True):
            own = pl.col("structure_id") == draft.lines[row - draft.first_row].structure_id
            for name, value in bad.items():
                if name.startswith(KNOWN):
                    column = name.removeprefix(KNOWN)
                    said = pl.lit(value, dtype=known.schema[column])
                    known = known.with_columns(
                        pl.when(own).then(said).otherwise(pl.col(column)).alias(column)
                    )
    return known


def heads(draft: Draft, place: int) -> float:
    return float(draft.lines[place].meaning["nb_salaries"].value or 0)


def plant(draft: Draft, rules: list[Rule]) -> dict[str, list[int]]:
    """Each row of each rule's bad example in a row of its own; the rows of each rule."""
    # The largest first: what is planted contradicts itself, not the size of a small one.
    free = sorted(range(len(draft.lines)), key=lambda place: -heads(draft, place))
    places: dict[str, list[int]] = defaultdict(list)
    for rule in rules:
        for bad in bad_of(rule):
            evs = (bad.get("population") or (rule.applies_to or ("CS",))[0]) == "EVS"
            place = next(p for p in free if ("-5" in draft.lines[p].structure_id) == evs)
            free.remove(place)
            for name, value in bad.items():
                if name not in CONTEXT and not name.startswith(KNOWN):
                    question = asked(draft.data_year)[name]
                    draft.lines[place].cells[question.question] = text_of(value, question)
            places[rule.rule].append(draft.row_of(place))
    return places


@pytest.mark.parametrize("data_year", sorted(planted()))
def test_each_rule_finds_what_was_planted_for_it_and_clean_rows_stay_clean(data_year):
    rules = planted()[data_year]
    draft, blocks = draft_of(SEED, DEPARTEMENT, data_year, "csv-utf8")
    places = plant(draft, rules)
    collection = with_spellings(draft)
    evidence = read_export(
        export_bytes(draft, "export"), "export", collection, DEPARTEMENT, data_year
    )
    setting = setting_of(draft, blocks, collection)
    verdict = judge(evidence, replace(setting, register=register(setting.register, draft, places)))
    found = {(f.rule, f.row) for f in verdict.findings}
    missed = {
        rule: rows for rule, rows in places.items() if not any((rule, row) in found for row in rows)
    }
    # What is not asked of a population at all is kept out before anything looks at it.
    unasked = {rule for rule, rows in missed.items() if ("DOM-20", rows[0]) in found}
    assert not missed.keys() - unasked
    assert all("population" in bad_of(EXAMPLES[rule])[0] for rule in unasked)
    rows = {row for own in places.values() for row in own}
    beside = [
        f for f in verdict.findings
        if f.row and f.row not in rows and layer_of(f.rule) in CERTAIN
    ]  # fmt: skip
    assert beside == []


def test_every_rule_is_planted():
    assert EXAMPLES.keys() == {rule.rule for rules in planted().values() for rule in rules}

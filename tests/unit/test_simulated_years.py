"""What is unlike last year, unlike other structures or unlike the file before: just that is asked.

The expected findings are counted from the truth, by other means than the rules' own.
"""

import statistics
from collections import defaultdict
from dataclasses import replace
from math import log

import polars as pl
import pytest

from expectations.exports import FILLED_SCHEMA, LAST_YEAR_SCHEMA, FormerExport, Setting
from expectations.rule import Layer
from expectations.verdict import judge
from senacs.codebook import Comparability
from senacs.codebook.questionnaire import NUMERIC
from senacs.findings import Finding
from senacs.reading import read_export
from senacs.simulation.campaign.export import Draft, Meaning, export_bytes
from tests.support.simulated import draft_of, layer_of, setting_of, survey, with_spellings

DATA_YEAR = 2016
CASES = [(1, "59"), (2, "69"), (3, "54"), (4, "93")]
MOVED = ("nb_salaries", "benevoles_activite", "publics_total", "population_zone")
NORMAL, LEAST_SPREAD = 1.4826, 0.2

Value = dict[tuple[str, str], float]
Word = dict[tuple[str, str], str]


def said(draft: Draft) -> tuple[Value, Word]:
    """The reported answers of an export, by structure and variable, in the variable's unit."""
    numbers: Value = {}
    words: Word = {}
    for line in draft.lines:
        for question in draft.questions:
            answer = line.meaning[question.question]
            if answer.status == "reported" and answer.value is not None and question.variable:
                place = line.structure_id, question.variable
                if question.kind in NUMERIC:
                    numbers[place] = float(answer.value) * question.factor
                else:
                    words[place] = answer.value
    return numbers, words


def with_tenfold(draft: Draft) -> Draft:
    """The export with some numbers ten times as large, as where a comma was lost."""
    for place, line in enumerate(draft.lines):
        name = MOVED[place % len(MOVED)]
        answer = line.meaning[name]
        if place % 5 == 0 and answer.status == "reported" and answer.value is not None:
            value = str(min(10 * int(answer.value), 500))
            line.cells[name] = value
            line.meaning[name] = Meaning("reported", value)
    return draft


def judged(draft: Draft, setting: Setting, layer: Layer) -> list[Finding]:
    collection = with_spellings(draft)
    evidence = read_export(
        export_bytes(draft, "export"), "export", collection, draft.territory, DATA_YEAR
    )
    verdict = judge(evidence, replace(setting, collection=collection))
    return [finding for finding in verdict.findings if layer_of(finding.rule) is layer]


def places(findings: list[Finding], family: str) -> set[tuple[str | None, str]]:
    start = f"{family}-"
    return {(f.unit_id, f.rule.removeprefix(start)) for f in findings if f.rule.startswith(start)}


@pytest.mark.parametrize(("seed", "departement"), CASES)
def test_what_changed_more_than_is_plausible_is_asked_and_nothing_else(seed, departement):
    draft, blocks = draft_of(seed, departement, DATA_YEAR, "csv-utf8")
    draft = with_tenfold(draft)
    numbers, words = said(draft)
    before, words_before = said(draft_of(seed, departement, DATA_YEAR - 1)[0])
    rows = [(unit, name, value, None) for (unit, name), value in before.items()]
    rows += [(unit, name, None, word) for (unit, name), word in words_before.items()]
    setting = replace(
        setting_of(draft, blocks, survey()),
        last_year=pl.DataFrame(rows, schema=LAST_YEAR_SCHEMA, orient="row"),
    )
    comparable = {q.variable for q in draft.questions if q.comparability is not Comparability.BREAK}
    moved, changed = set(), set()
    for line in survey().thresholds:
        if line.variable not in comparable:
            continue
        for place in numbers.keys() & before.keys():
            if place[1] == line.variable and not line.stable:
                allowed = max((line.relative or 0) * abs(before[place]), line.absolute or 0)
                if abs(numbers[place] - before[place]) > allowed:
                    moved.add(place)
        for place in words.keys() & words_before.keys():
            if place[1] == line.variable and line.stable and words[place] != words_before[place]:
                changed.add(place)
    findings = judged(draft, setting, Layer.LAST_YEAR)
    assert moved
    assert places(findings, "EVO") == moved
    assert places(findings, "STA") >= changed


@pytest.mark.parametrize(("seed", "departement"), CASES)
def test_what_is_far_from_the_territorys_others_is_asked_and_nothing_else(seed, departement):
    draft, blocks = draft_of(seed, departement, DATA_YEAR, "csv-utf8")
    draft = with_tenfold(draft)
    numbers, _ = said(draft)
    by_variable: dict[str, Value] = defaultdict(dict)
    for place, value in numbers.items():
        if value > 0:
            by_variable[place[1]][place] = value
    far = set()
    for line in survey().thresholds:
        own = by_variable[line.variable]
        if line.robust and len(own) >= (line.minimum_n or 0):
            middle = statistics.median(map(log, own.values()))
            off = statistics.median(abs(log(value) - middle) for value in own.values())
            spread = max(NORMAL * off, LEAST_SPREAD)
            far |= {p for p, v in own.items() if abs(log(v) - middle) / spread > line.robust}
    findings = judged(draft, setting_of(draft, blocks, survey()), Layer.DISTRIBUTION)
    assert places(findings, "DIS") == far


@pytest.mark.parametrize(("seed", "departement"), CASES)
def test_what_the_file_before_had_and_this_one_lost_is_asked(seed, departement):
    draft, blocks = draft_of(seed, departement, DATA_YEAR, "csv-utf8")
    whole = setting_of(draft, blocks, survey())
    filled = [
        (q.question, sum(line.cells[q.question] != "" for line in draft.lines))
        for q in draft.questions
    ]
    former = FormerExport(
        len(draft.lines), pl.DataFrame(filled, schema=FILLED_SCHEMA, orient="row")
    )
    setting = replace(whole, former=former)
    assert judged(draft, setting, Layer.PREVIOUS_FILE) == []
    lost = next(q.question for q in draft.questions if q.kind == "yes_no" and q.variable)
    shorter = replace(draft, lines=draft.lines[: len(draft.lines) * 3 // 4], dropped={lost})
    found = judged(shorter, setting, Layer.PREVIOUS_FILE)
    assert {f.rule for f in found} == {"PRE-01", "PRE-03"}
    assert [f.question for f in found if f.rule == "PRE-03"] == [lost]
